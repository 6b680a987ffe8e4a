# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The key that encrypts data at rest. Without permission to use the key nobody reads the data.

# A key ring can never be deleted. It stays when everything else is destroyed.
resource "google_kms_key_ring" "main" {
  name     = "portal-staging"
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
# the APIs that are asked here. So these look-ups wait for nothing: a new API does not replace the grants below.
data "google_storage_project_service_account" "current" {}

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

resource "google_kms_crypto_key_iam_member" "storage" {
  crypto_key_id = google_kms_crypto_key.main.id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:${data.google_storage_project_service_account.current.email_address}"
}

# IAM changes take minutes to propagate. Until then encryption is refused. Another set of agents is another instance
# of this, so that it is waited for.
resource "time_sleep" "key" {
  for_each        = toset(["4bec93c7"])
  create_duration = "120s"

  depends_on = [
    google_kms_crypto_key_iam_member.database,
    google_kms_crypto_key_iam_member.logs,
    google_kms_crypto_key_iam_member.secrets,
    google_kms_crypto_key_iam_member.storage,
  ]
}
