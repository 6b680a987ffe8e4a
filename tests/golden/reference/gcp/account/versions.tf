# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Applied once for the project, after bootstrap/ and before the root module. Audit logs cover everything in the project.
terraform {
  required_version = ">= 1.11.0"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 7.42.0, < 9.0.0"
    }
    time = {
      source  = "hashicorp/time"
      version = "~> 0.13"
    }
  }

  # The bucket is made by bootstrap/. Cloud Storage locks the state by itself.
  backend "gcs" {
    bucket = "shop-prod-state-acme-shop"
    prefix = "account"
  }
}

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
    team         = "shop"
  }
}
