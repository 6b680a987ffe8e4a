# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Versions of Terraform and of the providers, and where the state lives.
terraform {
  # 1.11 has write-only arguments, which keep secrets out of the state. So has OpenTofu 1.11.
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
    random = {
      source  = "hashicorp/random"
      version = "~> 3.7"
    }
  }

  # The bucket is made by bootstrap/. Cloud Storage locks the state by itself.
  backend "gcs" {
    bucket = "darkroom-staging-state-acme-photos"
    prefix = "root"
  }
}
