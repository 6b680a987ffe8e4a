# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The key for the record. It is not the root module's key, which goes with the application.

# A key ring cannot be deleted, by anybody: it stays when everything else is destroyed.
resource "google_kms_key_ring" "main" {
  name     = "shop-prod-account"
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

# Cloud Logging encrypts as an agent of its own, which is made when it is looked up. deploy.sh has switched on the API
# that answers here.
data "google_logging_project_cmek_settings" "current" {
  project = "acme-shop"
}

resource "google_kms_crypto_key_iam_member" "logs" {
  crypto_key_id = google_kms_crypto_key.main.id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:${data.google_logging_project_cmek_settings.current.service_account_id}"
}

# A permission takes minutes to be known everywhere: who encrypts earlier is refused.
resource "time_sleep" "key" {
  create_duration = "120s"

  triggers = {
    agents = "logs"
  }

  depends_on = [google_kms_crypto_key_iam_member.logs]
}
