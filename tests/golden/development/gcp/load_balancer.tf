# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The public entrance: a global external Application Load Balancer in front of the Cloud Run services.

resource "google_compute_global_address" "load_balancer" {
  name = "shop-dev"

  depends_on = [time_sleep.apis]
}

resource "google_compute_region_network_endpoint_group" "web" {
  name                  = "shop-dev-web"
  region                = "europe-west1"
  network_endpoint_type = "SERVERLESS"

  cloud_run {
    service = google_cloud_run_v2_service.web.name
  }

  # A group that is in use cannot go: the backend service has to let go of it first.
  lifecycle {
    create_before_destroy = true
  }
}

# Google refuses a timeout, a health check and a limit of use on a serverless backend: Cloud Run has its own.
resource "google_compute_backend_service" "web" {
  name                  = "shop-dev-web"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  protocol              = "HTTPS"

  backend {
    group = google_compute_region_network_endpoint_group.web.id
  }

  log_config {
    enable      = true
    sample_rate = 1
  }

  # A backend that is in use cannot go: the routes have to let go of it first.
  lifecycle {
    create_before_destroy = true
  }
}

# ---- Routes

resource "google_compute_url_map" "main" {
  name            = "shop-dev"
  default_service = google_compute_backend_service.web.id
}

# ---- Plain HTTP: the spec names no domain, or switches TLS off

resource "google_compute_target_http_proxy" "main" {
  name    = "shop-dev-http"
  url_map = google_compute_url_map.main.id
}

resource "google_compute_global_forwarding_rule" "http" {
  name                  = "shop-dev-http"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.load_balancer.id
  port_range            = "80"
  target                = google_compute_target_http_proxy.main.id
}
