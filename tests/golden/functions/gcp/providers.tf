# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Project and region. Credentials come from the environment, never from these files.
provider "google" {
  project = "acme-photos"
  region  = "europe-west1"

  # Quotas and APIs are always those of this project.
  billing_project       = "acme-photos"
  user_project_override = true

  default_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }
}

# The addresses of Google's service agents contain the project's number.
data "google_project" "current" {}
