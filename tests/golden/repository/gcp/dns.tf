# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The domain: its zone, its certificate, and the record that leads to the load balancer.

# The zone exists already. It is found by its domain, whatever it is called.
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
  name         = "library.example.com."
  managed_zone = local.zone
  type         = "A"
  ttl          = 300
  rrdatas      = [google_compute_global_address.load_balancer.address]
}

# ---- Certificate: issued before the domain leads here, and renewed by Google

# Another domain takes another certificate. Its name goes with the domain, so that the old one serves until the new one
# is here. What has an older name keeps it as long as the domain stays.

resource "google_certificate_manager_dns_authorization" "main" {
  name   = "library-prod-f5ec233"
  domain = "library.example.com"

  depends_on = [time_sleep.apis]

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [name]
  }
}

# Proves that the domain is ours; it has to stay, because the certificate is renewed by it.
resource "google_dns_record_set" "authorization" {
  name         = google_certificate_manager_dns_authorization.main.dns_resource_record[0].name
  managed_zone = local.zone
  type         = google_certificate_manager_dns_authorization.main.dns_resource_record[0].type
  ttl          = 300
  rrdatas      = [google_certificate_manager_dns_authorization.main.dns_resource_record[0].data]
}

resource "google_certificate_manager_certificate" "main" {
  name = "library-prod-f5ec233"

  managed {
    domains            = ["library.example.com"]
    dns_authorizations = [google_certificate_manager_dns_authorization.main.id]
  }

  # Google looks for the record as soon as the certificate is asked for.
  depends_on = [google_dns_record_set.authorization]

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [name]
  }
}

resource "google_certificate_manager_certificate_map" "main" {
  name = "library-prod"

  depends_on = [time_sleep.apis]
}

resource "google_certificate_manager_certificate_map_entry" "main" {
  name         = "library-prod-f5ec233"
  map          = google_certificate_manager_certificate_map.main.name
  hostname     = "library.example.com"
  certificates = [google_certificate_manager_certificate.main.id]

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [name]
  }
}
