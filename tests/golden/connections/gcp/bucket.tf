# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Buckets: private, encrypted, with old versions of objects for a while.

resource "google_storage_bucket" "uploads" {
  # checkov:skip=CKV_GCP_62: Google advises data access audit logs instead, which monitoring.audit turns on
  name          = "desk-dev-uploads-acme-desk"
  location      = "europe-west3"
  force_destroy = true

  # No access control lists, and no grant can make anything public.
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  versioning {
    enabled = true
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
      days_since_noncurrent_time = 90
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

  depends_on = [time_sleep.apis]
}
