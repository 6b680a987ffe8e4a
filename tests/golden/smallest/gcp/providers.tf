# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Project and region. Credentials come from the environment, never from these files.
provider "google" {
  project = "acme-shop"
  region  = "europe-west1"

  # Quotas and APIs are always those of this project.
  billing_project       = "acme-shop"
  user_project_override = true

  default_labels = {
    application  = "shop"
    environment  = "production"
    "managed-by" = "terraform"
  }
}
