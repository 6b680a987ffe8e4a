# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The APIs that this module uses. They are disabled in a new project.

resource "google_project_service" "cloudkms" {
  service            = "cloudkms.googleapis.com"
  disable_on_destroy = false
}

resource "google_project_service" "compute" {
  service            = "compute.googleapis.com"
  disable_on_destroy = false
}

resource "google_project_service" "iam" {
  service            = "iam.googleapis.com"
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

resource "google_project_service" "run" {
  service            = "run.googleapis.com"
  disable_on_destroy = false
}

# A newly enabled API takes a minute to propagate. Until then calls are refused. Another set of APIs is another
# instance of this, so that it is waited for. Not a trigger: a group of machines cannot be deleted while something that it
# waits for is replaced.
resource "time_sleep" "apis" {
  for_each        = toset(["747fde91"])
  create_duration = "60s"

  depends_on = [
    google_project_service.cloudkms,
    google_project_service.compute,
    google_project_service.iam,
    google_project_service.logging,
    google_project_service.monitoring,
    google_project_service.run,
  ]
}
