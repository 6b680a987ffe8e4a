# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# How to reach the project. Credentials come from the environment, never from these files.
provider "google" {
  project = "acme-shop"
  region  = "europe-west1"

  # Quotas and APIs are those of this project, whoever runs Terraform.
  billing_project       = "acme-shop"
  user_project_override = true

  default_labels = {
    application  = "library"
    environment  = "production"
    "managed-by" = "terraform"
  }
}

# The names of Google's own service agents are made of the project's number.
data "google_project" "current" {}
