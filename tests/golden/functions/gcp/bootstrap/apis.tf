# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The APIs that this module uses. They are disabled in a new project.

resource "google_project_service" "artifactregistry" {
  service            = "artifactregistry.googleapis.com"
  disable_on_destroy = false
}

resource "google_project_service" "cloudkms" {
  service            = "cloudkms.googleapis.com"
  disable_on_destroy = false
}

resource "google_project_service" "storage" {
  service            = "storage.googleapis.com"
  disable_on_destroy = false
}

# A newly enabled API takes a minute to propagate. Until then calls are refused.
resource "time_sleep" "apis" {
  create_duration = "60s"

  triggers = {
    apis = "artifactregistry,cloudkms,storage"
  }

  depends_on = [google_project_service.artifactregistry, google_project_service.cloudkms, google_project_service.storage]
}
