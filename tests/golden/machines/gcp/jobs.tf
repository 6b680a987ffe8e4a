# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Jobs: Cloud Scheduler starts a Cloud Run job on a schedule. An alert policy reports one that fails.
# A job holds no data, so Terraform may always delete it.

resource "google_cloud_run_v2_job" "nightly" {
  name                = "press-staging-nightly"
  location            = "europe-west1"
  deletion_protection = false

  template {
    template {
      service_account = google_service_account.nightly.email

      # The time limit of one attempt, and how often a failed attempt is repeated.
      timeout     = "3600s"
      max_retries = 3

      # All traffic leaves through the network. The firewall rules for these tags apply.
      vpc_access {
        egress = "ALL_TRAFFIC"

        network_interfaces {
          network    = google_compute_network.main.id
          subnetwork = google_compute_subnetwork.main.id
          tags       = ["press-staging-nightly"]
        }
      }

      containers {
        image = var.images.web
        args  = ["python", "-m", "press.nightly"]

        resources {
          limits = {
            cpu    = "1"
            memory = "2Gi"
          }
        }

        env {
          name  = "ARTICLES_HOST"
          value = google_sql_database_instance.articles.private_ip_address
        }

        env {
          name  = "ARTICLES_PORT"
          value = "5432"
        }

        env {
          name  = "ARTICLES_NAME"
          value = "articles"
        }

        env {
          name  = "ARTICLES_USER"
          value = "app"
        }

        env {
          name  = "ARTICLES_SSLMODE"
          value = "require"
        }

        env {
          name = "ARTICLES_PASSWORD"

          value_source {
            secret_key_ref {
              secret  = google_secret_manager_secret.articles_password.secret_id
              version = google_secret_manager_secret_version.articles_password.version
            }
          }
        }
      }
    }
  }

  # Must exist before the first run.
  depends_on = [
    google_compute_firewall.https,
    google_compute_router_nat.main,
    google_compute_firewall.nightly_to_articles,
    time_sleep.grants,
    google_sql_database.articles,
    google_sql_user.articles,
  ]

  # Set by gcloud and the console when they change something.
  lifecycle {
    ignore_changes = [client, client_version]
  }
}

resource "google_cloud_scheduler_job" "nightly" {
  name             = "press-staging-nightly"
  description      = "Starts nightly by the clock"
  region           = "europe-west1"
  schedule         = "0 2 * * *"
  time_zone        = "Europe/Berlin"
  attempt_deadline = "180s"

  # Repeats a start that failed. The job repeats failed attempts itself.
  retry_config {
    retry_count = 3
  }

  http_target {
    http_method = "POST"
    uri         = "https://run.googleapis.com/v2/${google_cloud_run_v2_job.nightly.id}:run"

    # Google's own APIs take an OAuth token.
    oauth_token {
      service_account_email = google_service_account.nightly_scheduler.email
    }
  }

  # The first start is refused without the permission.
  depends_on = [google_cloud_run_v2_job_iam_member.nightly_scheduler_nightly_invoker]
}
