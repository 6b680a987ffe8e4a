# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The public entrance: a global external Application Load Balancer in front of the Cloud Run services.

resource "google_compute_global_address" "load_balancer" {
  name = "portal-staging"

  depends_on = [time_sleep.apis]
}

resource "google_compute_region_network_endpoint_group" "api" {
  name                  = "portal-staging-api"
  region                = "europe-west1"
  network_endpoint_type = "SERVERLESS"

  cloud_run {
    service = "portal-staging-api"
  }

  depends_on = [time_sleep.apis]

  # A group in use cannot be deleted: the backend service is changed first. The Cloud Run service is named as text: with
  # a reference, a replacement of it would be created first, too, and its name is taken.
  lifecycle {
    create_before_destroy = true
  }
}

# A serverless backend takes no timeout, health check or utilization limit: Cloud Run has its own.
resource "google_compute_backend_service" "api" {
  name                  = "portal-staging-api"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  protocol              = "HTTPS"
  security_policy       = google_compute_security_policy.main.id

  # Tells browsers to use HTTPS from the first request on.
  custom_response_headers = ["Strict-Transport-Security: max-age=31536000"]

  backend {
    group = google_compute_region_network_endpoint_group.api.id
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

resource "google_compute_region_network_endpoint_group" "site" {
  name                  = "portal-staging-site"
  region                = "europe-west1"
  network_endpoint_type = "SERVERLESS"

  cloud_run {
    service = "portal-staging-site"
  }

  depends_on = [time_sleep.apis]

  # A group in use cannot be deleted: the backend service is changed first. The Cloud Run service is named as text: with
  # a reference, a replacement of it would be created first, too, and its name is taken.
  lifecycle {
    create_before_destroy = true
  }
}

# A serverless backend takes no timeout, health check or utilization limit: Cloud Run has its own.
resource "google_compute_backend_service" "site" {
  name                  = "portal-staging-site"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  protocol              = "HTTPS"
  security_policy       = google_compute_security_policy.main.id

  # Tells browsers to use HTTPS from the first request on.
  custom_response_headers = ["Strict-Transport-Security: max-age=31536000"]

  backend {
    group = google_compute_region_network_endpoint_group.site.id
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
  name            = "portal-staging"
  default_service = google_compute_backend_service.site.id

  host_rule {
    hosts        = ["*"]
    path_matcher = "paths"
  }

  # The longest matching path wins.
  path_matcher {
    name            = "paths"
    default_service = google_compute_backend_service.site.id

    path_rule {
      paths   = ["/api/v2", "/api/v2/*"]
      service = google_compute_backend_service.api.id
    }

    path_rule {
      paths   = ["/api", "/api/*"]
      service = google_compute_backend_service.api.id
    }
  }

  # load_balancer.aliases: they redirect to the domain. Path and query stay as they are.
  host_rule {
    hosts        = ["www.portal.example.com"]
    path_matcher = "aliases"
  }

  path_matcher {
    name = "aliases"

    default_url_redirect {
      host_redirect          = "portal.example.com"
      redirect_response_code = "MOVED_PERMANENTLY_DEFAULT"
      strip_query            = false
    }
  }

  # Routes are created after the services are ready.
  depends_on = [google_cloud_run_v2_service.api, google_cloud_run_v2_service.site]
}

# ---- HTTPS

resource "google_compute_ssl_policy" "main" {
  name            = "portal-staging"
  profile         = "MODERN"
  min_tls_version = "TLS_1_2"

  depends_on = [time_sleep.apis]
}

resource "google_compute_target_https_proxy" "main" {
  name            = "portal-staging-https"
  url_map         = google_compute_url_map.main.id
  certificate_map = "//certificatemanager.googleapis.com/${google_certificate_manager_certificate_map.main.id}"
  ssl_policy      = google_compute_ssl_policy.main.id

  # The proxy needs an entry, or it has no certificate.
  depends_on = [
    google_certificate_manager_certificate_map_entry.main,
    google_certificate_manager_certificate_map_entry.alias_www_portal_example_com,
  ]
}

resource "google_compute_global_forwarding_rule" "https" {
  name                  = "portal-staging-https"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.load_balancer.id
  port_range            = "443"
  target                = google_compute_target_https_proxy.main.id
}

# ---- HTTP, answered with a redirect to HTTPS

resource "google_compute_url_map" "redirect" {
  name = "portal-staging-http"

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
  name    = "portal-staging-http"
  url_map = google_compute_url_map.redirect.id
}

resource "google_compute_global_forwarding_rule" "http" {
  name                  = "portal-staging-http"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.load_balancer.id
  port_range            = "80"
  target                = google_compute_target_http_proxy.main.id
}

# ---- Web application firewall

resource "google_compute_security_policy" "main" {
  name        = "portal-staging"
  description = "Rules that Google maintains, and a limit per address"
  type        = "CLOUD_ARMOR"

  # JSON bodies are parsed as JSON, so that their punctuation does not match attack patterns.
  advanced_options_config {
    json_parsing = "STANDARD"
    log_level    = "NORMAL"
  }

  rule {
    action      = "deny(403)"
    priority    = 1000
    description = "Log4Shell and other known holes"

    match {
      expr {
        expression = "evaluatePreconfiguredWaf('cve-canary')"
      }
    }
  }

  # Sensitivity 1 has the rules with the fewest false positives.
  rule {
    action      = "deny(403)"
    priority    = 1010
    description = "SQL injection"

    match {
      expr {
        expression = "evaluatePreconfiguredWaf('sqli-v422-stable', {'sensitivity': 1})"
      }
    }
  }

  rule {
    action      = "deny(403)"
    priority    = 1020
    description = "Cross-site scripting"

    match {
      expr {
        expression = "evaluatePreconfiguredWaf('xss-v422-stable', {'sensitivity': 1})"
      }
    }
  }

  rule {
    action      = "deny(403)"
    priority    = 1030
    description = "Reading files of the server"

    match {
      expr {
        expression = "evaluatePreconfiguredWaf('lfi-v422-stable', {'sensitivity': 1})"
      }
    }
  }

  rule {
    action      = "deny(403)"
    priority    = 1040
    description = "Running commands on the server"

    match {
      expr {
        expression = "evaluatePreconfiguredWaf('rce-v422-stable', {'sensitivity': 1})"
      }
    }
  }

  # Limits the requests of one address in five minutes. A request below the limit is allowed here, so this rule is last.
  rule {
    action      = "throttle"
    priority    = 2000
    description = "Limit per address"

    match {
      versioned_expr = "SRC_IPS_V1"

      config {
        src_ip_ranges = ["*"]
      }
    }

    rate_limit_options {
      conform_action = "allow"
      exceed_action  = "deny(429)"
      enforce_on_key = "IP"

      rate_limit_threshold {
        count        = 2000
        interval_sec = 300
      }
    }
  }

  # Every policy has this default rule.
  rule {
    action      = "allow"
    priority    = 2147483647
    description = "Everybody else"

    match {
      versioned_expr = "SRC_IPS_V1"

      config {
        src_ip_ranges = ["*"]
      }
    }
  }

  depends_on = [time_sleep.apis]

  # A policy in use cannot be deleted: the backend services are changed first.
  lifecycle {
    create_before_destroy = true
  }
}
