terraform {
  required_version = ">= 1.11"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 7.40, < 9"
    }
    time = {
      source  = "hashicorp/time"
      version = "~> 0.13"
    }
  }
}

provider "google" {
  project = "acme-shop"
  region  = "europe-west1"
}

resource "google_project_service" "apis" {
  for_each           = toset(["artifactregistry", "storage"])
  service            = "${each.key}.googleapis.com"
  disable_on_destroy = false
}

resource "time_sleep" "apis" {
  create_duration = "60s"
  depends_on      = [google_project_service.apis]
}

resource "google_storage_bucket" "state" {
  name                        = "acme-shop-tfstate"
  location                    = "europe-west1"
  uniform_bucket_level_access = true
  force_destroy               = true
  public_access_prevention    = "enforced"
  versioning {
    enabled = true
  }
  lifecycle {
    prevent_destroy = true
  }
  depends_on = [time_sleep.apis]
}

resource "google_artifact_registry_repository" "images" {
  repository_id = "shop"
  location      = "europe-west1"
  format        = "DOCKER"
  depends_on    = [time_sleep.apis]
}

output "registry" {
  value = google_artifact_registry_repository.images.registry_uri
}
