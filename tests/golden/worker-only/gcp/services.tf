# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Containers that run all the time: a Cloud Run service if it has a port, else a worker pool.
# They hold no data, so Terraform may always delete them.

resource "google_cloud_run_v2_worker_pool" "worker" {
  name                = "crawler-prod-worker"
  location            = "europe-west1"
  deletion_protection = false

  # Cloud Run adds and removes instances to keep CPU utilization near 60%.
  scaling {
    scaling_mode       = "AUTOMATIC"
    min_instance_count = 2
    max_instance_count = 10
  }

  template {
    service_account = google_service_account.worker.email

    # All traffic leaves through the network. The firewall rules for these tags apply.
    vpc_access {
      egress = "ALL_TRAFFIC"

      network_interfaces {
        network    = google_compute_network.main.id
        subnetwork = google_compute_subnetwork.main.id
        tags       = ["crawler-prod-worker"]
      }
    }

    containers {
      image = var.images.worker
      args  = ["python", "-m", "crawler.worker"]

      resources {
        limits = {
          cpu    = "1"
          memory = "1Gi"
        }
      }

      env {
        name  = "PAGES_BUCKET"
        value = google_storage_bucket.pages.name
      }

      env {
        name  = "PAGES_BUCKET_URL"
        value = "gs://${google_storage_bucket.pages.name}"
      }

      env {
        name  = "SEEDS_QUEUE"
        value = google_pubsub_subscription.seeds.id
      }
    }
  }

  # Must exist before the first instance starts.
  depends_on = [
    google_compute_firewall.https,
    time_sleep.grants,
    google_storage_bucket.pages,
    google_pubsub_subscription.seeds,
  ]

  # Set by gcloud and the console when they change something.
  lifecycle {
    ignore_changes = [client, client_version]
  }
}

# Runs when somebody asks for a command of this container: ./deploy.sh run. It costs nothing until then.
resource "google_cloud_run_v2_job" "worker_run" {
  name                = "crawler-prod-worker-run"
  location            = "europe-west1"
  deletion_protection = false

  template {
    template {
      service_account = google_service_account.worker.email
      timeout         = "3600s"

      # A command that failed half way is not repeated by itself: somebody looks at its log first.
      max_retries = 0

      # All traffic leaves through the network. The firewall rules for these tags apply.
      vpc_access {
        egress = "ALL_TRAFFIC"

        network_interfaces {
          network    = google_compute_network.main.id
          subnetwork = google_compute_subnetwork.main.id
          tags       = ["crawler-prod-worker"]
        }
      }

      containers {
        image = var.images.worker
        args  = ["true"]

        resources {
          limits = {
            cpu    = "1"
            memory = "1Gi"
          }
        }

        env {
          name  = "PAGES_BUCKET"
          value = google_storage_bucket.pages.name
        }

        env {
          name  = "PAGES_BUCKET_URL"
          value = "gs://${google_storage_bucket.pages.name}"
        }

        env {
          name  = "SEEDS_QUEUE"
          value = google_pubsub_subscription.seeds.id
        }
      }
    }
  }

  # Must exist before the command runs.
  depends_on = [
    google_compute_firewall.https,
    time_sleep.grants,
    google_storage_bucket.pages,
    google_pubsub_subscription.seeds,
  ]

  # gcloud and the console leave their names here.
  lifecycle {
    ignore_changes = [client, client_version]
  }
}
