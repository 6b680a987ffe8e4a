# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# What runs always: a Cloud Run service for each container with a port, a worker pool for each one without.
# They hold no data, so Terraform may always delete them.

resource "google_cloud_run_v2_service" "api" {
  name                = "internal-staging-api"
  location            = "europe-west1"
  deletion_protection = false

  # No route of the load balancer leads here; from inside of the network it takes the role roles/run.invoker.
  ingress = "INGRESS_TRAFFIC_INTERNAL_ONLY"

  template {
    service_account                  = google_service_account.api.email
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
        tags       = ["internal-staging-api"]
      }
    }

    containers {
      image = var.images.api

      ports {
        container_port = 9000
      }

      resources {
        limits = {
          cpu    = "1"
          memory = "3Gi"
        }

        # Between requests an instance goes on computing, as a server does, and starts with more than its share.
        cpu_idle          = false
        startup_cpu_boost = true
      }

      # Requests come once this answers.
      startup_probe {
        timeout_seconds   = 5
        period_seconds    = 6
        failure_threshold = 30

        http_get {
          path = "/healthz"
        }
      }

      # An instance that stops answering is started anew.
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

  # gcloud and the console leave their names here.
  lifecycle {
    ignore_changes = [client, client_version]
  }
}
