# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The domain: its zone, its certificate, and the record that leads to the load balancer.

resource "google_dns_managed_zone" "main" {
  name        = "status-staging"
  dns_name    = "example.org."
  description = "Public zone"

  # Answers are signed; resolvers check that once the DS record is at the registrar.
  dnssec_config {
    state = "on"
  }

  cloud_logging_config {
    enable_logging = true
  }

  depends_on = [time_sleep.apis]
}

resource "google_dns_record_set" "main" {
  name         = "status.example.org."
  managed_zone = google_dns_managed_zone.main.name
  type         = "A"
  ttl          = 300
  rrdatas      = [google_compute_global_address.load_balancer.address]
}

# ---- Certificate: issued before the domain leads here, and renewed by Google

resource "google_certificate_manager_dns_authorization" "main" {
  name   = "status-staging"
  domain = "status.example.org"

  depends_on = [time_sleep.apis]
}

# Proves that the domain is ours; it has to stay, because the certificate is renewed by it.
resource "google_dns_record_set" "authorization" {
  name         = google_certificate_manager_dns_authorization.main.dns_resource_record[0].name
  managed_zone = google_dns_managed_zone.main.name
  type         = google_certificate_manager_dns_authorization.main.dns_resource_record[0].type
  ttl          = 300
  rrdatas      = [google_certificate_manager_dns_authorization.main.dns_resource_record[0].data]
}

resource "google_certificate_manager_certificate" "main" {
  name = "status-staging"

  managed {
    domains            = ["status.example.org"]
    dns_authorizations = [google_certificate_manager_dns_authorization.main.id]
  }

  # Google looks for the record as soon as the certificate is asked for.
  depends_on = [google_dns_record_set.authorization]
}

resource "google_certificate_manager_certificate_map" "main" {
  name = "status-staging"

  depends_on = [time_sleep.apis]
}

resource "google_certificate_manager_certificate_map_entry" "main" {
  name         = "status-staging"
  map          = google_certificate_manager_certificate_map.main.name
  hostname     = "status.example.org"
  certificates = [google_certificate_manager_certificate.main.id]
}
