# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Buckets: private, encrypted, with old versions of objects for a while.

resource "google_storage_bucket" "films" {
  # checkov:skip=CKV_GCP_62: Google advises data access audit logs instead, which monitoring.audit turns on
  name          = "media-prod-films-acme-media"
  location      = "us-central1"
  force_destroy = false

  # No access control lists, and no grant can make anything public.
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  versioning {
    enabled = true
  }

  encryption {
    default_kms_key_name = google_kms_crypto_key.main.id
  }

  # A week in which deleted objects can be restored, old versions too.
  soft_delete_policy {
    retention_duration_seconds = 604800
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }

    condition {
      days_since_noncurrent_time = 7
      with_state                 = "ARCHIVED"
    }
  }

  # Parts of uploads that never finished cost as much as objects, and nobody sees them.
  lifecycle_rule {
    action {
      type = "AbortIncompleteMultipartUpload"
    }

    condition {
      age = 7
    }
  }

  depends_on = [time_sleep.key]
}
