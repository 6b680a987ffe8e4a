# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The key that encrypts all data at rest. Whoever may not use the key cannot read the data, whatever else they may do.

# A key ring cannot be deleted, by anybody: it stays when everything else is destroyed.
resource "google_kms_key_ring" "main" {
  name     = "library-prod"
  location = "europe-west1"

  depends_on = [time_sleep.apis]
}

resource "google_kms_crypto_key" "main" {
  name                       = "data"
  key_ring                   = google_kms_key_ring.main.id
  rotation_period            = "7776000s"
  destroy_scheduled_duration = "2592000s"
  deletion_policy            = "PREVENT"

  # Refuses while Terraform plans; deletion_policy is kept in the state and refuses even when this block is gone.
  lifecycle {
    prevent_destroy = true
  }
}

# Google's services encrypt as agents of their own. Those that are not looked up here are made by deploy.sh, which has
# also switched on the APIs that answer here: were these to wait for others, a grant would be replaced with each new API.
data "google_logging_project_cmek_settings" "current" {
  project = "acme-shop"
}

resource "google_kms_crypto_key_iam_member" "database" {
  crypto_key_id = google_kms_crypto_key.main.id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:service-${data.google_project.current.number}@gcp-sa-cloud-sql.iam.gserviceaccount.com"
}

resource "google_kms_crypto_key_iam_member" "logs" {
  crypto_key_id = google_kms_crypto_key.main.id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:${data.google_logging_project_cmek_settings.current.service_account_id}"
}

resource "google_kms_crypto_key_iam_member" "secrets" {
  crypto_key_id = google_kms_crypto_key.main.id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:service-${data.google_project.current.number}@gcp-sa-secretmanager.iam.gserviceaccount.com"
}

# A permission takes minutes to be known everywhere: who encrypts earlier is refused.
resource "time_sleep" "key" {
  create_duration = "120s"

  triggers = {
    agents = "database,logs,secrets"
  }

  depends_on = [
    google_kms_crypto_key_iam_member.database,
    google_kms_crypto_key_iam_member.logs,
    google_kms_crypto_key_iam_member.secrets,
  ]
}
