# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Containers that run all the time: a Cloud Run service if it has a port, else a worker pool.
# They hold no data, so Terraform may always delete them.

resource "google_cloud_run_v2_service" "web" {
  name                = "shop-prod-web"
  location            = "europe-west1"
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
      min_instance_count = 2
      max_instance_count = 10
    }

    # All traffic leaves through the network. The firewall rules for these tags apply.
    vpc_access {
      egress = "ALL_TRAFFIC"

      network_interfaces {
        network    = google_compute_network.main.id
        subnetwork = google_compute_subnetwork.main.id
        tags       = ["shop-prod-web"]
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
  depends_on = [google_compute_firewall.https, google_compute_router_nat.main]

  # Set by gcloud and the console when they change something.
  lifecycle {
    ignore_changes = [client, client_version]
  }
}

# Runs when somebody asks for a command of this container: ./deploy.sh run. It costs nothing until then.
resource "google_cloud_run_v2_job" "web_run" {
  name                = "shop-prod-web-run"
  location            = "europe-west1"
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
          tags       = ["shop-prod-web"]
        }
      }

      containers {
        image = var.images.web
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
      }
    }
  }

  # Must exist before the command runs.
  depends_on = [google_compute_firewall.https, google_compute_router_nat.main]

  # gcloud and the console leave their names here.
  lifecycle {
    ignore_changes = [client, client_version]
  }
}
