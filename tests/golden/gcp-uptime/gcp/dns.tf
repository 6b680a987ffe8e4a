# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The domain: its zone, its certificate, and the record that points to the load balancer.

resource "google_dns_managed_zone" "main" {
  name        = "status-staging-bfabc37"
  dns_name    = "example.org."
  description = "Public zone"

  # Signs the answers. Resolvers check that once the DS record is at the registrar.
  dnssec_config {
    state = "on"
  }

  cloud_logging_config {
    enable_logging = true
  }

  # Kept in the state, so that it holds even after this block is removed. A new zone would have other name servers.
  deletion_policy = "DELETE"

  depends_on = [time_sleep.apis]

  # A zone with an older name keeps it as long as its domain stays.
  lifecycle {
    create_before_destroy = true
    ignore_changes        = [name]
  }
}

resource "google_dns_record_set" "main" {
  name         = "status.example.org."
  managed_zone = google_dns_managed_zone.main.name
  type         = "A"
  ttl          = 300
  rrdatas      = [google_compute_global_address.load_balancer.address]
}

# ---- Certificate: issued before the domain leads here, and renewed by Google

# Another domain needs another certificate. Its name contains a hash of the domain, so that the old certificate serves
# until the new one is created. A certificate with an older name keeps it as long as the domain stays.

resource "google_certificate_manager_dns_authorization" "main" {
  name   = "status-staging-16116cb"
  domain = "status.example.org"

  depends_on = [time_sleep.apis]

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [name]
  }
}

# Proves the control of the domain. It has to stay: every renewal checks it.
resource "google_dns_record_set" "authorization" {
  name         = google_certificate_manager_dns_authorization.main.dns_resource_record[0].name
  managed_zone = google_dns_managed_zone.main.name
  type         = google_certificate_manager_dns_authorization.main.dns_resource_record[0].type
  ttl          = 300
  rrdatas      = [google_certificate_manager_dns_authorization.main.dns_resource_record[0].data]
}

resource "google_certificate_manager_certificate" "main" {
  name = "status-staging-16116cb"

  managed {
    domains            = ["status.example.org"]
    dns_authorizations = [google_certificate_manager_dns_authorization.main.id]
  }

  # Google checks the record as soon as the certificate is requested.
  depends_on = [google_dns_record_set.authorization]

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [name]
  }
}

resource "google_certificate_manager_certificate_map" "main" {
  name = "status-staging"

  depends_on = [time_sleep.apis]
}

resource "google_certificate_manager_certificate_map_entry" "main" {
  name         = "status-staging-16116cb"
  map          = google_certificate_manager_certificate_map.main.name
  hostname     = "status.example.org"
  certificates = [google_certificate_manager_certificate.main.id]

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [name]
  }
}
