# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Containers that run all the time: a Cloud Run service if it has a port, else a worker pool.
# They hold no data, so Terraform may always delete them.

resource "google_cloud_run_v2_service" "site" {
  name                = "portal-staging-site"
  location            = "europe-west1"
  deletion_protection = false

  # Only the load balancer reaches this service. Cloud Run asks its requests for no credentials.
  ingress              = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
  default_uri_disabled = true
  invoker_iam_disabled = true

  template {
    service_account                  = google_service_account.site.email
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"
    max_instance_request_concurrency = 80
    timeout                          = "300s"

    scaling {
      min_instance_count = 1
      max_instance_count = 4
    }

    # All traffic leaves through the network. The firewall rules for these tags apply.
    vpc_access {
      egress = "ALL_TRAFFIC"

      network_interfaces {
        network    = google_compute_network.main.id
        subnetwork = google_compute_subnetwork.main.id
        tags       = ["portal-staging-site"]
      }
    }

    containers {
      image = var.images.site

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
        name  = "UPLOADS_BUCKET"
        value = google_storage_bucket.uploads.name
      }

      env {
        name  = "UPLOADS_BUCKET_URL"
        value = "gs://${google_storage_bucket.uploads.name}"
      }

      env {
        name  = "PORTAL_DB_HOST"
        value = google_sql_database_instance.portal_db.private_ip_address
      }

      env {
        name  = "PORTAL_DB_PORT"
        value = "5432"
      }

      env {
        name  = "PORTAL_DB_NAME"
        value = "portal_db"
      }

      env {
        name  = "PORTAL_DB_USER"
        value = "app"
      }

      env {
        name  = "PORTAL_DB_SSLMODE"
        value = "require"
      }

      env {
        name = "PORTAL_DB_PASSWORD"

        value_source {
          secret_key_ref {
            secret  = google_secret_manager_secret.portal_db_password.secret_id
            version = google_secret_manager_secret_version.portal_db_password.version
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
        }
      }

      # An instance that stops answering is restarted.
      liveness_probe {
        timeout_seconds   = 5
        period_seconds    = 15
        failure_threshold = 3

        http_get {
          path = "/healthz"
        }
      }
    }
  }

  # Must exist before the first instance starts.
  depends_on = [
    google_compute_firewall.https,
    google_compute_router_nat.main,
    google_compute_firewall.site_to_portal_db,
    time_sleep.grants,
    google_storage_bucket.uploads,
    google_sql_database.portal_db,
    google_sql_user.portal_db,
  ]

  # Set by gcloud and the console when they change something.
  lifecycle {
    ignore_changes = [client, client_version]
  }
}

resource "google_cloud_run_v2_service" "api" {
  name                = "portal-staging-api"
  location            = "europe-west1"
  deletion_protection = false

  # Only the load balancer reaches this service. Cloud Run asks its requests for no credentials.
  ingress              = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
  default_uri_disabled = true
  invoker_iam_disabled = true

  template {
    service_account                  = google_service_account.api.email
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"
    max_instance_request_concurrency = 50
    timeout                          = "300s"

    scaling {
      min_instance_count = 2
      max_instance_count = 6
    }

    # All traffic leaves through the network. The firewall rules for these tags apply.
    vpc_access {
      egress = "ALL_TRAFFIC"

      network_interfaces {
        network    = google_compute_network.main.id
        subnetwork = google_compute_subnetwork.main.id
        tags       = ["portal-staging-api"]
      }
    }

    containers {
      image = var.images.api

      ports {
        container_port = 8080
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
        name  = "UPLOADS_BUCKET"
        value = google_storage_bucket.uploads.name
      }

      env {
        name  = "UPLOADS_BUCKET_URL"
        value = "gs://${google_storage_bucket.uploads.name}"
      }

      env {
        name  = "PORTAL_DB_HOST"
        value = google_sql_database_instance.portal_db.private_ip_address
      }

      env {
        name  = "PORTAL_DB_PORT"
        value = "5432"
      }

      env {
        name  = "PORTAL_DB_NAME"
        value = "portal_db"
      }

      env {
        name  = "PORTAL_DB_USER"
        value = "app"
      }

      env {
        name  = "PORTAL_DB_SSLMODE"
        value = "require"
      }

      env {
        name  = "GREETING"
        value = "Grüße $${name} %%{x} \"quoted\" 🎟"
      }

      env {
        name = "PORTAL_DB_PASSWORD"

        value_source {
          secret_key_ref {
            secret  = google_secret_manager_secret.portal_db_password.secret_id
            version = google_secret_manager_secret_version.portal_db_password.version
          }
        }
      }

      env {
        name = "SIGNING_KEY"

        value_source {
          secret_key_ref {
            secret  = google_secret_manager_secret.signing_key.secret_id
            version = google_secret_manager_secret_version.signing_key.version
          }
        }
      }

      # Requests are sent once this check succeeds.
      startup_probe {
        timeout_seconds   = 5
        period_seconds    = 6
        failure_threshold = 30

        http_get {
          path = "/api/healthz"
        }
      }

      # An instance that stops answering is restarted.
      liveness_probe {
        timeout_seconds   = 5
        period_seconds    = 15
        failure_threshold = 3

        http_get {
          path = "/api/healthz"
        }
      }
    }
  }

  # Must exist before the first instance starts.
  depends_on = [
    google_compute_firewall.https,
    google_compute_router_nat.main,
    google_compute_firewall.api_to_portal_db,
    google_compute_firewall.api_out_587,
    google_compute_firewall.api_out_203_0_113_0_24_27017,
    time_sleep.grants,
    google_secret_manager_secret_version.signing_key,
    google_storage_bucket.uploads,
    google_sql_database.portal_db,
    google_sql_user.portal_db,
  ]

  # Set by gcloud and the console when they change something.
  lifecycle {
    ignore_changes = [client, client_version]
  }
}

# Runs when somebody asks for a command of this container: ./deploy.sh run. It costs nothing until then.
resource "google_cloud_run_v2_job" "site_run" {
  name                = "portal-staging-site-run"
  location            = "europe-west1"
  deletion_protection = false

  template {
    template {
      service_account = google_service_account.site.email
      timeout         = "3600s"

      # A command that failed half way is not repeated by itself: somebody looks at its log first.
      max_retries = 0

      # All traffic leaves through the network. The firewall rules for these tags apply.
      vpc_access {
        egress = "ALL_TRAFFIC"

        network_interfaces {
          network    = google_compute_network.main.id
          subnetwork = google_compute_subnetwork.main.id
          tags       = ["portal-staging-site"]
        }
      }

      containers {
        image = var.images.site
        args  = ["true"]

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
          name  = "UPLOADS_BUCKET"
          value = google_storage_bucket.uploads.name
        }

        env {
          name  = "UPLOADS_BUCKET_URL"
          value = "gs://${google_storage_bucket.uploads.name}"
        }

        env {
          name  = "PORTAL_DB_HOST"
          value = google_sql_database_instance.portal_db.private_ip_address
        }

        env {
          name  = "PORTAL_DB_PORT"
          value = "5432"
        }

        env {
          name  = "PORTAL_DB_NAME"
          value = "portal_db"
        }

        env {
          name  = "PORTAL_DB_USER"
          value = "app"
        }

        env {
          name  = "PORTAL_DB_SSLMODE"
          value = "require"
        }

        env {
          name = "PORTAL_DB_PASSWORD"

          value_source {
            secret_key_ref {
              secret  = google_secret_manager_secret.portal_db_password.secret_id
              version = google_secret_manager_secret_version.portal_db_password.version
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
    google_compute_firewall.site_to_portal_db,
    time_sleep.grants,
    google_storage_bucket.uploads,
    google_sql_database.portal_db,
    google_sql_user.portal_db,
  ]

  # gcloud and the console leave their names here.
  lifecycle {
    ignore_changes = [client, client_version]
  }
}

# Runs when somebody asks for a command of this container: ./deploy.sh run. It costs nothing until then.
resource "google_cloud_run_v2_job" "api_run" {
  name                = "portal-staging-api-run"
  location            = "europe-west1"
  deletion_protection = false

  template {
    template {
      service_account = google_service_account.api.email
      timeout         = "3600s"

      # A command that failed half way is not repeated by itself: somebody looks at its log first.
      max_retries = 0

      # All traffic leaves through the network. The firewall rules for these tags apply.
      vpc_access {
        egress = "ALL_TRAFFIC"

        network_interfaces {
          network    = google_compute_network.main.id
          subnetwork = google_compute_subnetwork.main.id
          tags       = ["portal-staging-api"]
        }
      }

      containers {
        image = var.images.api
        args  = ["true"]

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
          name  = "UPLOADS_BUCKET"
          value = google_storage_bucket.uploads.name
        }

        env {
          name  = "UPLOADS_BUCKET_URL"
          value = "gs://${google_storage_bucket.uploads.name}"
        }

        env {
          name  = "PORTAL_DB_HOST"
          value = google_sql_database_instance.portal_db.private_ip_address
        }

        env {
          name  = "PORTAL_DB_PORT"
          value = "5432"
        }

        env {
          name  = "PORTAL_DB_NAME"
          value = "portal_db"
        }

        env {
          name  = "PORTAL_DB_USER"
          value = "app"
        }

        env {
          name  = "PORTAL_DB_SSLMODE"
          value = "require"
        }

        env {
          name  = "GREETING"
          value = "Grüße $${name} %%{x} \"quoted\" 🎟"
        }

        env {
          name = "PORTAL_DB_PASSWORD"

          value_source {
            secret_key_ref {
              secret  = google_secret_manager_secret.portal_db_password.secret_id
              version = google_secret_manager_secret_version.portal_db_password.version
            }
          }
        }

        env {
          name = "SIGNING_KEY"

          value_source {
            secret_key_ref {
              secret  = google_secret_manager_secret.signing_key.secret_id
              version = google_secret_manager_secret_version.signing_key.version
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
    google_compute_firewall.api_to_portal_db,
    google_compute_firewall.api_out_587,
    google_compute_firewall.api_out_203_0_113_0_24_27017,
    time_sleep.grants,
    google_secret_manager_secret_version.signing_key,
    google_storage_bucket.uploads,
    google_sql_database.portal_db,
    google_sql_user.portal_db,
  ]

  # gcloud and the console leave their names here.
  lifecycle {
    ignore_changes = [client, client_version]
  }
}
