# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The key for state and images. It is not the root module's key, which does not exist when this module is applied.

# A key ring cannot be deleted, by anybody: it stays when everything else is destroyed.
resource "google_kms_key_ring" "main" {
  name     = "library-prod-bootstrap"
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
# also switched on the APIs that answer here.
data "google_storage_project_service_account" "current" {}

data "google_project" "current" {}

resource "google_kms_crypto_key_iam_member" "artifact_registry" {
  crypto_key_id = google_kms_crypto_key.main.id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:service-${data.google_project.current.number}@gcp-sa-artifactregistry.iam.gserviceaccount.com"
}

resource "google_kms_crypto_key_iam_member" "storage" {
  crypto_key_id = google_kms_crypto_key.main.id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:${data.google_storage_project_service_account.current.email_address}"
}

# A permission takes minutes to be known everywhere: who encrypts earlier is refused.
resource "time_sleep" "key" {
  create_duration = "120s"

  triggers = {
    agents = "artifact_registry,storage"
  }

  depends_on = [google_kms_crypto_key_iam_member.artifact_registry, google_kms_crypto_key_iam_member.storage]
}
