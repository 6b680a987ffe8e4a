# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The registry of the images that are built: images must exist before the services that run them.
resource "google_artifact_registry_repository" "main" {
  repository_id = "library-prod"
  location      = "europe-west1"
  format        = "DOCKER"
  kms_key_name  = google_kms_crypto_key.main.id

  # Of each container the newest 50 images stay; others go when they are two weeks old.
  cleanup_policy_dry_run = false

  cleanup_policies {
    id     = "delete-old"
    action = "DELETE"

    condition {
      tag_state  = "ANY"
      older_than = "1209600s"
    }
  }

  cleanup_policies {
    id     = "keep-newest"
    action = "KEEP"

    most_recent_versions {
      keep_count = 50
    }
  }

  # Kept in the state: it refuses even when this block is gone.
  deletion_policy = "PREVENT"

  depends_on = [time_sleep.key]

  lifecycle {
    prevent_destroy = true
  }
}
