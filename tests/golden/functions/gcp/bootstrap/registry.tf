# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The registry for images. Images must exist before the services that run them.
resource "google_artifact_registry_repository" "main" {
  repository_id = "darkroom-staging"
  location      = "europe-west1"
  format        = "DOCKER"
  kms_key_name  = google_kms_crypto_key.main.id

  # Keeps the newest 50 images of each container. Others are deleted after two weeks.
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

  # Kept in the state, so that it holds even after this block is removed.
  deletion_policy = "DELETE"

  depends_on = [time_sleep.key]
}
