# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The public entrance: a global external Application Load Balancer in front of the Cloud Run services.

resource "google_compute_global_address" "load_balancer" {
  name = "status-staging"

  depends_on = [time_sleep.apis]
}

resource "google_compute_region_network_endpoint_group" "web" {
  name                  = "status-staging-web"
  region                = "europe-north1"
  network_endpoint_type = "SERVERLESS"

  cloud_run {
    service = "status-staging-web"
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
  name                  = "status-staging-web"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  protocol              = "HTTPS"

  # Tells browsers to use HTTPS from the first request on.
  custom_response_headers = ["Strict-Transport-Security: max-age=31536000"]

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
  name            = "status-staging"
  default_service = google_compute_backend_service.web.id

  # Routes are created after the services are ready.
  depends_on = [google_cloud_run_v2_service.web]
}

# ---- HTTPS

resource "google_compute_ssl_policy" "main" {
  name            = "status-staging"
  profile         = "MODERN"
  min_tls_version = "TLS_1_2"

  depends_on = [time_sleep.apis]
}

resource "google_compute_target_https_proxy" "main" {
  name            = "status-staging-https"
  url_map         = google_compute_url_map.main.id
  certificate_map = "//certificatemanager.googleapis.com/${google_certificate_manager_certificate_map.main.id}"
  ssl_policy      = google_compute_ssl_policy.main.id

  # The proxy needs an entry, or it has no certificate.
  depends_on = [google_certificate_manager_certificate_map_entry.main]
}

resource "google_compute_global_forwarding_rule" "https" {
  name                  = "status-staging-https"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.load_balancer.id
  port_range            = "443"
  target                = google_compute_target_https_proxy.main.id
}

# ---- HTTP, answered with a redirect to HTTPS

resource "google_compute_url_map" "redirect" {
  name = "status-staging-http"

  default_url_redirect {
    https_redirect         = true
    redirect_response_code = "MOVED_PERMANENTLY_DEFAULT"
    strip_query            = false
  }

  depends_on = [time_sleep.apis]

  # Without HTTPS this is deleted, after the proxy below got another URL map.
  lifecycle {
    create_before_destroy = true
  }
}

resource "google_compute_target_http_proxy" "main" {
  name    = "status-staging-http"
  url_map = google_compute_url_map.redirect.id
}

resource "google_compute_global_forwarding_rule" "http" {
  name                  = "status-staging-http"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.load_balancer.id
  port_range            = "80"
  target                = google_compute_target_http_proxy.main.id
}
