# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The bucket for Terraform's state. The state describes the whole infrastructure, and without it everything has to be
# imported again. So the bucket is private, encrypted, versioned and protected from deletion.
resource "google_storage_bucket" "state" {
  # checkov:skip=CKV_GCP_62: Google advises data access audit logs instead, which monitoring.audit turns on
  name          = "darkroom-staging-state-acme-photos"
  location      = "europe-west1"
  force_destroy = true

  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  # An older state replaces a broken one.
  versioning {
    enabled = true
  }

  encryption {
    default_kms_key_name = google_kms_crypto_key.main.id
  }

  soft_delete_policy {
    retention_duration_seconds = 604800
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }

    condition {
      days_since_noncurrent_time = 90
      num_newer_versions         = 20
      with_state                 = "ARCHIVED"
    }
  }

  # Kept in the state, so that it holds even after this block is removed.
  deletion_policy = "DELETE"

  depends_on = [time_sleep.key]
}
