# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The key of the audit log. The root module's key is deleted with the application.

# A key ring can never be deleted. It stays when everything else is destroyed.
resource "google_kms_key_ring" "main" {
  name     = "portal-staging-account"
  location = "europe-west1"

  depends_on = [time_sleep.apis]
}

resource "google_kms_crypto_key" "main" {
  # checkov:skip=CKV_GCP_82: security.deletion_protection is false
  name                       = "data"
  key_ring                   = google_kms_key_ring.main.id
  rotation_period            = "7776000s"
  destroy_scheduled_duration = "2592000s"
  deletion_policy            = "DELETE"
}

# Cloud Logging encrypts with a service agent, which is created when it is looked up. deploy.sh enables the API first.
data "google_logging_project_cmek_settings" "current" {
  project = "acme-shop"
}

resource "google_kms_crypto_key_iam_member" "logs" {
  crypto_key_id = google_kms_crypto_key.main.id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:${data.google_logging_project_cmek_settings.current.service_account_id}"
}

# IAM changes take minutes to propagate. Until then encryption is refused.
resource "time_sleep" "key" {
  create_duration = "120s"

  triggers = {
    agents = "logs"
  }

  depends_on = [google_kms_crypto_key_iam_member.logs]
}
