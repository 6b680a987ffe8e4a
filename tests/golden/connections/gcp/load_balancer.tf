# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The public entrance: a global external Application Load Balancer in front of the Cloud Run services.

resource "google_compute_global_address" "load_balancer" {
  name = "desk-dev"

  depends_on = [time_sleep.apis]
}

resource "google_compute_region_network_endpoint_group" "web" {
  name                  = "desk-dev-web"
  region                = "europe-west3"
  network_endpoint_type = "SERVERLESS"

  cloud_run {
    service = "desk-dev-web"
  }

  depends_on = [time_sleep.apis]

  # A group in use cannot be deleted: the backend service is changed first. The Cloud Run service is named as text: with
  # a reference, a replacement of it would be created first, too, and its name is taken.
  lifecycle {
    create_before_destroy = true
  }
}

# A serverless backend takes no timeout, health check or utilization limit: Cloud Run has its own.
resource "google_compute_backend_service" "web" {
  name                  = "desk-dev-web"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  protocol              = "HTTPS"

  backend {
    group = google_compute_region_network_endpoint_group.web.id
  }

  log_config {
    enable      = true
    sample_rate = 1
  }

  # A backend service in use cannot be deleted: the routes are changed first.
  lifecycle {
    create_before_destroy = true
  }
}

# ---- Routes

resource "google_compute_url_map" "main" {
  name            = "desk-dev"
  default_service = google_compute_backend_service.web.id

  # Routes are created after the services are ready.
  depends_on = [google_cloud_run_v2_service.web]
}

# ---- Plain HTTP: the spec names no domain, or switches TLS off

resource "google_compute_target_http_proxy" "main" {
  name    = "desk-dev-http"
  url_map = google_compute_url_map.main.id
}

resource "google_compute_global_forwarding_rule" "http" {
  name                  = "desk-dev-http"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.load_balancer.id
  port_range            = "80"
  target                = google_compute_target_http_proxy.main.id
}
