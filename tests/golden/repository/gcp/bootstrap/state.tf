# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The bucket that holds the state of the root module. Whoever reads the state knows the infrastructure, whoever loses
# it has to import everything: so it is private, encrypted, versioned, and not destroyed by accident.
resource "google_storage_bucket" "state" {
  # checkov:skip=CKV_GCP_62: Google advises data access audit logs instead, which monitoring.audit turns on
  name          = "library-prod-state-acme-shop"
  location      = "europe-west1"
  force_destroy = false

  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  # An older state is the way back from a broken one.
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

  # Kept in the state: it refuses even when this block is gone.
  deletion_policy = "PREVENT"

  depends_on = [time_sleep.key]

  lifecycle {
    prevent_destroy = true
  }
}
