# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The public entrance: a global external Application Load Balancer in front of the containers.

resource "google_compute_global_address" "load_balancer" {
  name = "press-staging"

  depends_on = [time_sleep.apis]
}

resource "google_compute_health_check" "web_machines" {
  name               = "press-staging-web-machines"
  check_interval_sec = 15
  timeout_sec        = 5

  http_health_check {
    request_path = "/health"
    port         = 8000
  }

  depends_on = [time_sleep.apis]
}

resource "google_compute_backend_service" "web_machines" {
  name                  = "press-staging-web-machines"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  protocol              = "HTTP"
  port_name             = "http"
  timeout_sec           = 300
  health_checks         = [google_compute_health_check.web_machines.id]
  security_policy       = google_compute_security_policy.main.id

  # Tells browsers to use HTTPS from the first request on.
  custom_response_headers = ["Strict-Transport-Security: max-age=31536000"]

  # What an instance was asked before it goes, it still answers.
  connection_draining_timeout_sec = 30

  backend {
    group = google_compute_region_instance_group_manager.web.instance_group

    # The autoscaler aims at a share of this; it is no limit while there is one group.
    balancing_mode        = "RATE"
    max_rate_per_instance = 62.5
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
  name            = "press-staging"
  default_service = google_compute_backend_service.web_machines.id
}

# ---- HTTPS

resource "google_compute_ssl_policy" "main" {
  name            = "press-staging"
  profile         = "MODERN"
  min_tls_version = "TLS_1_2"

  depends_on = [time_sleep.apis]
}

resource "google_compute_target_https_proxy" "main" {
  name            = "press-staging-https"
  url_map         = google_compute_url_map.main.id
  certificate_map = "//certificatemanager.googleapis.com/${google_certificate_manager_certificate_map.main.id}"
  ssl_policy      = google_compute_ssl_policy.main.id

  # The proxy needs an entry, or it has no certificate.
  depends_on = [google_certificate_manager_certificate_map_entry.main]
}

resource "google_compute_global_forwarding_rule" "https" {
  name                  = "press-staging-https"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.load_balancer.id
  port_range            = "443"
  target                = google_compute_target_https_proxy.main.id
}

# ---- HTTP, answered with a redirect to HTTPS

resource "google_compute_url_map" "redirect" {
  name = "press-staging-http"

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
  name    = "press-staging-http"
  url_map = google_compute_url_map.redirect.id
}

resource "google_compute_global_forwarding_rule" "http" {
  name                  = "press-staging-http"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.load_balancer.id
  port_range            = "80"
  target                = google_compute_target_http_proxy.main.id
}

# ---- Web application firewall

resource "google_compute_security_policy" "main" {
  name        = "press-staging"
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
