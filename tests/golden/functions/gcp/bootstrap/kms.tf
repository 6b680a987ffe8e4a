# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The key for state and images. The root module's key does not exist yet when this module is applied.

# A key ring can never be deleted. It stays when everything else is destroyed.
resource "google_kms_key_ring" "main" {
  name     = "darkroom-staging-bootstrap"
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

# Google's services encrypt with service agents. deploy.sh creates the agents that are not looked up here, and enables
# the APIs that are asked here.
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

# IAM changes take minutes to propagate. Until then encryption is refused.
resource "time_sleep" "key" {
  create_duration = "120s"

  triggers = {
    agents = "artifact_registry,storage"
  }

  depends_on = [google_kms_crypto_key_iam_member.artifact_registry, google_kms_crypto_key_iam_member.storage]
}
