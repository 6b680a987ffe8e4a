# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The domain: its zone, its certificate, and the record that points to the load balancer.

# The zone exists already. It is looked up by its domain.
data "google_dns_managed_zones" "main" {
  lifecycle {
    postcondition {
      condition = length([
        for zone in self.managed_zones : zone.name
        if zone.dns_name == "example.com." && zone.visibility == "public"
      ]) == 1

      error_message = "The project has no public zone example.com in Cloud DNS, or more than one."
    }
  }
}

locals {
  zone = one([
    for zone in data.google_dns_managed_zones.main.managed_zones : zone.name
    if zone.dns_name == "example.com." && zone.visibility == "public"
  ])
}

resource "google_dns_record_set" "main" {
  name         = "darkroom.example.com."
  managed_zone = local.zone
  type         = "A"
  ttl          = 300
  rrdatas      = [google_compute_global_address.load_balancer.address]
}

# ---- Certificate: issued before the domain leads here, and renewed by Google

# Another domain needs another certificate. Its name contains a hash of the domain, so that the old certificate serves
# until the new one is created. A certificate with an older name keeps it as long as the domain stays.

resource "google_certificate_manager_dns_authorization" "main" {
  name   = "darkroom-staging-a22028b"
  domain = "darkroom.example.com"

  depends_on = [time_sleep.apis]

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [name]
  }
}

# Proves the control of the domain. It has to stay: every renewal checks it.
resource "google_dns_record_set" "authorization" {
  name         = google_certificate_manager_dns_authorization.main.dns_resource_record[0].name
  managed_zone = local.zone
  type         = google_certificate_manager_dns_authorization.main.dns_resource_record[0].type
  ttl          = 300
  rrdatas      = [google_certificate_manager_dns_authorization.main.dns_resource_record[0].data]
}

resource "google_certificate_manager_certificate" "main" {
  name = "darkroom-staging-a22028b"

  managed {
    domains            = ["darkroom.example.com"]
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
  name = "darkroom-staging"

  depends_on = [time_sleep.apis]
}

resource "google_certificate_manager_certificate_map_entry" "main" {
  name         = "darkroom-staging-a22028b"
  map          = google_certificate_manager_certificate_map.main.name
  hostname     = "darkroom.example.com"
  certificates = [google_certificate_manager_certificate.main.id]

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [name]
  }
}
