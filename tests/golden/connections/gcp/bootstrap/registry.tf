# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The registry for images. Images must exist before the services that run them.
resource "google_artifact_registry_repository" "main" {
  # checkov:skip=CKV_GCP_84: security.encryption is provider_managed
  repository_id = "desk-dev"
  location      = "europe-west3"
  format        = "DOCKER"

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

  depends_on = [time_sleep.apis]
}
