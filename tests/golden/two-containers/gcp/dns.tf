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
  name         = "portal.example.com."
  managed_zone = local.zone
  type         = "A"
  ttl          = 300
  rrdatas      = [google_compute_global_address.load_balancer.address]
}

resource "google_dns_record_set" "alias_www_portal_example_com" {
  name         = "www.portal.example.com."
  managed_zone = local.zone
  type         = "A"
  ttl          = 300
  rrdatas      = [google_compute_global_address.load_balancer.address]

  # The domain and an alias can change places. What was there for one goes before it comes for the other.
  depends_on = [google_dns_record_set.main]
}

# ---- Certificate: issued before the domain leads here, and renewed by Google

# Each name has a certificate of its own, so that another alias leaves that of the domain as it is. The domain and an
# alias can change places, so what was there for one goes before it comes for the other. A certificate with an older name
# keeps it as long as the domain stays.

resource "google_certificate_manager_dns_authorization" "main" {
  name   = "portal-staging-e89bbdb"
  domain = "portal.example.com"

  depends_on = [time_sleep.apis]

  lifecycle {
    ignore_changes = [name]
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
  name = "portal-staging-e89bbdb"

  managed {
    domains            = ["portal.example.com"]
    dns_authorizations = [google_certificate_manager_dns_authorization.main.id]
  }

  # Google checks the record as soon as the certificate is requested.
  depends_on = [google_dns_record_set.authorization]

  lifecycle {
    ignore_changes = [name]
  }
}

resource "google_certificate_manager_dns_authorization" "alias_www_portal_example_com" {
  name   = "portal-staging-1209faf"
  domain = "www.portal.example.com"

  depends_on = [google_certificate_manager_dns_authorization.main]
}

# Proves the control of the domain. It has to stay: every renewal checks it.
resource "google_dns_record_set" "authorization_www_portal_example_com" {
  name         = google_certificate_manager_dns_authorization.alias_www_portal_example_com.dns_resource_record[0].name
  managed_zone = local.zone
  type         = google_certificate_manager_dns_authorization.alias_www_portal_example_com.dns_resource_record[0].type
  ttl          = 300
  rrdatas      = [google_certificate_manager_dns_authorization.alias_www_portal_example_com.dns_resource_record[0].data]

  depends_on = [google_dns_record_set.authorization]
}

resource "google_certificate_manager_certificate" "alias_www_portal_example_com" {
  name = "portal-staging-1209faf"

  managed {
    domains            = ["www.portal.example.com"]
    dns_authorizations = [google_certificate_manager_dns_authorization.alias_www_portal_example_com.id]
  }

  # Google checks the record as soon as the certificate is requested.
  depends_on = [google_dns_record_set.authorization_www_portal_example_com]
}

resource "google_certificate_manager_certificate_map" "main" {
  name = "portal-staging"

  depends_on = [time_sleep.apis]
}

resource "google_certificate_manager_certificate_map_entry" "main" {
  name         = "portal-staging-e89bbdb"
  map          = google_certificate_manager_certificate_map.main.name
  hostname     = "portal.example.com"
  certificates = [google_certificate_manager_certificate.main.id]

  lifecycle {
    ignore_changes = [name]
  }
}

resource "google_certificate_manager_certificate_map_entry" "alias_www_portal_example_com" {
  name         = "portal-staging-1209faf"
  map          = google_certificate_manager_certificate_map.main.name
  hostname     = "www.portal.example.com"
  certificates = [google_certificate_manager_certificate.alias_www_portal_example_com.id]

  depends_on = [google_certificate_manager_certificate_map_entry.main]
}
