# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Folders of containers whose files stay: a bucket for each, which Cloud Run mounts. Only its container reaches it.

resource "google_storage_bucket" "web_app_covers" {
  # checkov:skip=CKV_GCP_62: Google advises data access audit logs instead, which monitoring.audit turns on
  name          = "library-prod-web-app-covers-acme-shop"
  location      = "europe-west1"
  force_destroy = false

  # Access by IAM only, and no grant can make anything public.
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  versioning {
    enabled = true
  }

  encryption {
    default_kms_key_name = google_kms_crypto_key.main.id
  }

  # For a week, deleted objects and old versions can be restored.
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

  # Removes unfinished uploads, which are billed like objects.
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
