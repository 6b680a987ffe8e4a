# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# What runs always: a Cloud Run service for each container with a port, a worker pool for each one without.
# They hold no data, so Terraform may always delete them.

resource "google_cloud_run_v2_service" "web" {
  name                = "wiki-staging-web"
  location            = "europe-west1"
  deletion_protection = false

  # Only the load balancer leads here, so nobody gets around it. Whom it lets in, Cloud Run does not ask for credentials.
  ingress              = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
  default_uri_disabled = true
  invoker_iam_disabled = true

  template {
    service_account                  = google_service_account.web.email
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"
    max_instance_request_concurrency = 80
    timeout                          = "300s"

    scaling {
      min_instance_count = 1
      max_instance_count = 4
    }

    # All traffic goes through the network, where the firewall rules for these tags decide.
    vpc_access {
      egress = "ALL_TRAFFIC"

      network_interfaces {
        network    = google_compute_network.main.id
        subnetwork = google_compute_subnetwork.main.id
        tags       = ["wiki-staging-web"]
      }
    }

    containers {
      image = var.images.web

      ports {
        container_port = 8000
      }

      resources {
        limits = {
          cpu    = "1"
          memory = "1Gi"
        }

        # Between requests an instance goes on computing, as a server does, and starts with more than its share.
        cpu_idle          = false
        startup_cpu_boost = true
      }

      env {
        name  = "PAGES_HOST"
        value = google_sql_database_instance.pages.private_ip_address
      }

      env {
        name  = "PAGES_PORT"
        value = "3306"
      }

      env {
        name  = "PAGES_NAME"
        value = "pages"
      }

      env {
        name  = "PAGES_USER"
        value = "app"
      }

      env {
        name  = "PAGES_SSLMODE"
        value = "require"
      }

      env {
        name = "PAGES_PASSWORD"

        value_source {
          secret_key_ref {
            secret  = google_secret_manager_secret.pages_password.secret_id
            version = google_secret_manager_secret_version.pages_password.version
          }
        }
      }

      # Requests come once this answers.
      startup_probe {
        timeout_seconds   = 5
        period_seconds    = 6
        failure_threshold = 30

        http_get {
          path = "/up"
        }
      }

      # An instance that stops answering is started anew.
      liveness_probe {
        timeout_seconds   = 5
        period_seconds    = 15
        failure_threshold = 3

        http_get {
          path = "/up"
        }
      }
    }
  }

  # Must exist before the first instance starts.
  depends_on = [
    google_compute_firewall.https,
    google_compute_router_nat.main,
    google_compute_firewall.web_to_pages,
    time_sleep.grants,
    google_sql_database.pages,
    google_sql_user.pages,
  ]

  # gcloud and the console leave their names here.
  lifecycle {
    ignore_changes = [client, client_version]
  }
}
