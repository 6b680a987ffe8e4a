# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Containers that run all the time: a Cloud Run service if it has a port, else a worker pool.
# They hold no data, so Terraform may always delete them.

resource "google_cloud_run_v2_service" "web" {
  name                = "desk-dev-web"
  location            = "europe-west3"
  deletion_protection = false

  # Only the load balancer reaches this service. Cloud Run asks its requests for no credentials.
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
      max_instance_count = 2
    }

    # All traffic leaves through the network. The firewall rules for these tags apply.
    vpc_access {
      egress = "ALL_TRAFFIC"

      network_interfaces {
        network    = google_compute_network.main.id
        subnetwork = google_compute_subnetwork.main.id
        tags       = ["desk-dev-web"]
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

        # CPU is allocated between requests, too. At start there is more of it.
        cpu_idle          = false
        startup_cpu_boost = true
      }

      env {
        name  = "FORWARDED_ALLOW_IPS"
        value = "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,169.254.0.0/16,35.191.0.0/16,130.211.0.0/22,${google_compute_global_address.load_balancer.address}"
      }

      env {
        name  = "TICKETS_HOST"
        value = google_sql_database_instance.tickets.private_ip_address
      }

      env {
        name  = "TICKETS_PORT"
        value = "5432"
      }

      env {
        name  = "TICKETS_NAME"
        value = "tickets"
      }

      env {
        name  = "TICKETS_USER"
        value = "app"
      }

      env {
        name  = "TICKETS_SSLMODE"
        value = "require"
      }

      env {
        name  = "BROKER_HOST"
        value = local.broker_host
      }

      env {
        name  = "BROKER_PORT"
        value = "6379"
      }

      env {
        name  = "BROKER_TLS"
        value = "false"
      }

      env {
        name  = "UPLOADS_BUCKET"
        value = google_storage_bucket.uploads.name
      }

      env {
        name  = "UPLOADS_BUCKET_URL"
        value = "gs://${google_storage_bucket.uploads.name}"
      }

      env {
        name  = "INBOX_QUEUE"
        value = google_pubsub_topic.inbox.id
      }

      env {
        name  = "LOG_LEVEL"
        value = "info"
      }

      env {
        name  = "DATABASE_URL"
        value = "postgresql+asyncpg://app:{TICKETS_PASSWORD}@${google_sql_database_instance.tickets.private_ip_address}:5432/tickets?ssl=require"
      }

      env {
        name  = "CELERY_BROKER_URL"
        value = "redis://${local.broker_host}:6379/0?ssl_cert_reqs=required"
      }

      env {
        name  = "POSTGRES_SERVER"
        value = google_sql_database_instance.tickets.private_ip_address
      }

      env {
        name  = "UPLOADS"
        value = "gs://${google_storage_bucket.uploads.name}"
      }

      env {
        name  = "INBOX"
        value = google_pubsub_topic.inbox.name
      }

      env {
        name  = "INCOMPLETE_URLS"
        value = "DATABASE_URL"
      }

      env {
        name = "TICKETS_PASSWORD"

        value_source {
          secret_key_ref {
            secret  = google_secret_manager_secret.tickets_password.secret_id
            version = google_secret_manager_secret_version.tickets_password.version
          }
        }
      }

      env {
        name = "POSTGRES_PASSWORD"

        value_source {
          secret_key_ref {
            secret  = google_secret_manager_secret.tickets_password.secret_id
            version = google_secret_manager_secret_version.tickets_password.version
          }
        }
      }

      # Requests are sent once this check succeeds.
      startup_probe {
        timeout_seconds   = 5
        period_seconds    = 6
        failure_threshold = 30

        http_get {
          path = "/healthz"

          http_headers {
            name  = "Host"
            value = "links.example.com"
          }
        }
      }

      # An instance that stops answering is restarted.
      liveness_probe {
        timeout_seconds   = 5
        period_seconds    = 15
        failure_threshold = 3

        http_get {
          path = "/healthz"

          http_headers {
            name  = "Host"
            value = "links.example.com"
          }
        }
      }
    }
  }

  # Must exist before the first instance starts.
  depends_on = [
    google_compute_firewall.https,
    google_compute_router_nat.main,
    google_compute_firewall.web_to_tickets,
    google_compute_firewall.web_to_broker,
    time_sleep.grants,
    google_sql_database.tickets,
    google_sql_user.tickets,
    google_memorystore_instance.broker,
    google_storage_bucket.uploads,
    google_pubsub_subscription.inbox,
  ]

  # Set by gcloud and the console when they change something.
  lifecycle {
    ignore_changes = [client, client_version]
  }
}

# Runs before the container gets a new version, and when somebody asks for a command: deploy.sh starts it.
resource "google_cloud_run_v2_job" "web_release" {
  name                = "desk-dev-web-release"
  location            = "europe-west3"
  deletion_protection = false

  template {
    template {
      service_account = google_service_account.web.email
      timeout         = "3600s"

      # A command that failed half way is not repeated by itself: somebody looks at its log first.
      max_retries = 0

      # All traffic leaves through the network. The firewall rules for these tags apply.
      vpc_access {
        egress = "ALL_TRAFFIC"

        network_interfaces {
          network    = google_compute_network.main.id
          subnetwork = google_compute_subnetwork.main.id
          tags       = ["desk-dev-web"]
        }
      }

      containers {
        image = var.images.web
        args  = ["alembic", "upgrade", "head"]

        resources {
          limits = {
            cpu    = "1"
            memory = "1Gi"
          }
        }

        env {
          name  = "FORWARDED_ALLOW_IPS"
          value = "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,169.254.0.0/16,35.191.0.0/16,130.211.0.0/22,${google_compute_global_address.load_balancer.address}"
        }

        env {
          name  = "TICKETS_HOST"
          value = google_sql_database_instance.tickets.private_ip_address
        }

        env {
          name  = "TICKETS_PORT"
          value = "5432"
        }

        env {
          name  = "TICKETS_NAME"
          value = "tickets"
        }

        env {
          name  = "TICKETS_USER"
          value = "app"
        }

        env {
          name  = "TICKETS_SSLMODE"
          value = "require"
        }

        env {
          name  = "BROKER_HOST"
          value = local.broker_host
        }

        env {
          name  = "BROKER_PORT"
          value = "6379"
        }

        env {
          name  = "BROKER_TLS"
          value = "false"
        }

        env {
          name  = "UPLOADS_BUCKET"
          value = google_storage_bucket.uploads.name
        }

        env {
          name  = "UPLOADS_BUCKET_URL"
          value = "gs://${google_storage_bucket.uploads.name}"
        }

        env {
          name  = "INBOX_QUEUE"
          value = google_pubsub_topic.inbox.id
        }

        env {
          name  = "LOG_LEVEL"
          value = "info"
        }

        env {
          name  = "DATABASE_URL"
          value = "postgresql+asyncpg://app:{TICKETS_PASSWORD}@${google_sql_database_instance.tickets.private_ip_address}:5432/tickets?ssl=require"
        }

        env {
          name  = "CELERY_BROKER_URL"
          value = "redis://${local.broker_host}:6379/0?ssl_cert_reqs=required"
        }

        env {
          name  = "POSTGRES_SERVER"
          value = google_sql_database_instance.tickets.private_ip_address
        }

        env {
          name  = "UPLOADS"
          value = "gs://${google_storage_bucket.uploads.name}"
        }

        env {
          name  = "INBOX"
          value = google_pubsub_topic.inbox.name
        }

        env {
          name  = "INCOMPLETE_URLS"
          value = "DATABASE_URL"
        }

        env {
          name = "TICKETS_PASSWORD"

          value_source {
            secret_key_ref {
              secret  = google_secret_manager_secret.tickets_password.secret_id
              version = google_secret_manager_secret_version.tickets_password.version
            }
          }
        }

        env {
          name = "POSTGRES_PASSWORD"

          value_source {
            secret_key_ref {
              secret  = google_secret_manager_secret.tickets_password.secret_id
              version = google_secret_manager_secret_version.tickets_password.version
            }
          }
        }
      }
    }
  }

  # Must exist before the command runs.
  depends_on = [
    google_compute_firewall.https,
    google_compute_router_nat.main,
    google_compute_firewall.web_to_tickets,
    google_compute_firewall.web_to_broker,
    time_sleep.grants,
    google_sql_database.tickets,
    google_sql_user.tickets,
    google_memorystore_instance.broker,
    google_storage_bucket.uploads,
    google_pubsub_subscription.inbox,
  ]

  # gcloud and the console leave their names here.
  lifecycle {
    ignore_changes = [client, client_version]
  }
}
