# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The APIs that this module uses: a new project has them switched off.

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

# An API that was just switched on is not known everywhere yet: the first calls would be refused.
resource "time_sleep" "apis" {
  create_duration = "60s"

  triggers = {
    apis = "artifactregistry,cloudkms,storage"
  }

  depends_on = [google_project_service.artifactregistry, google_project_service.cloudkms, google_project_service.storage]
}
