# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Applied once, before the root module, which needs these resources.
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
}

provider "google" {
  project = "acme-desk"
  region  = "europe-west3"

  # Quotas and APIs are always those of this project.
  billing_project       = "acme-desk"
  user_project_override = true

  default_labels = {
    application  = "desk"
    environment  = "development"
    "managed-by" = "terraform"
  }
}
