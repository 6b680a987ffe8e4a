# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Jobs: Cloud Scheduler starts a Cloud Run job on a schedule. An alert policy reports one that fails.
# A job holds no data, so Terraform may always delete it.

resource "google_cloud_run_v2_job" "report" {
  name                = "media-prod-report"
  location            = "us-central1"
  deletion_protection = false

  template {
    template {
      service_account = google_service_account.report.email

      # The time limit of one attempt, and how often a failed attempt is repeated.
      timeout     = "1800s"
      max_retries = 0

      # All traffic leaves through the network. The firewall rules for these tags apply.
      vpc_access {
        egress = "ALL_TRAFFIC"

        network_interfaces {
          network    = google_compute_network.main.id
          subnetwork = google_compute_subnetwork.main.id
          tags       = ["media-prod-report"]
        }
      }

      containers {
        image = var.images.site
        args  = ["python", "-m", "media.report"]

        resources {
          limits = {
            cpu    = "2"
            memory = "6Gi"
          }
        }

        env {
          name  = "FILMS_BUCKET"
          value = google_storage_bucket.films.name
        }

        env {
          name  = "FILMS_BUCKET_URL"
          value = "gs://${google_storage_bucket.films.name}"
        }
      }
    }
  }

  # Must exist before the first run.
  depends_on = [google_compute_firewall.https, time_sleep.grants, google_storage_bucket.films]

  # Set by gcloud and the console when they change something.
  lifecycle {
    ignore_changes = [client, client_version]
  }
}

resource "google_cloud_scheduler_job" "report" {
  name             = "media-prod-report"
  description      = "Starts report by the clock"
  region           = "us-central1"
  schedule         = "*/30 6-20 * * 1-5"
  time_zone        = "America/Chicago"
  attempt_deadline = "180s"

  # Repeats a start that failed. The job repeats failed attempts itself.
  retry_config {
    retry_count = 3
  }

  http_target {
    http_method = "POST"
    uri         = "https://run.googleapis.com/v2/${google_cloud_run_v2_job.report.id}:run"

    # Google's own APIs take an OAuth token.
    oauth_token {
      service_account_email = google_service_account.report_scheduler.email
    }
  }

  # The first start is refused without the permission.
  depends_on = [google_cloud_run_v2_job_iam_member.report_scheduler_report_invoker]
}
