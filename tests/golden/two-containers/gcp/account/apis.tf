# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The APIs that this module uses. They are disabled in a new project.

resource "google_project_service" "cloudkms" {
  service            = "cloudkms.googleapis.com"
  disable_on_destroy = false
}

resource "google_project_service" "cloudresourcemanager" {
  service            = "cloudresourcemanager.googleapis.com"
  disable_on_destroy = false
}

resource "google_project_service" "logging" {
  service            = "logging.googleapis.com"
  disable_on_destroy = false
}

resource "google_project_service" "monitoring" {
  service            = "monitoring.googleapis.com"
  disable_on_destroy = false
}

# A newly enabled API takes a minute to propagate. Until then calls are refused.
resource "time_sleep" "apis" {
  create_duration = "60s"

  triggers = {
    apis = "cloudkms,cloudresourcemanager,logging,monitoring"
  }

  depends_on = [
    google_project_service.cloudkms,
    google_project_service.cloudresourcemanager,
    google_project_service.logging,
    google_project_service.monitoring,
  ]
}
