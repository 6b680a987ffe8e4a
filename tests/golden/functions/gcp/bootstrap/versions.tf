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

  # The bucket is created here. deploy.sh keeps the state in a file until then, and moves it afterwards.
  backend "gcs" {
    bucket = "darkroom-staging-state-acme-photos"
    prefix = "bootstrap"
  }
}

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
