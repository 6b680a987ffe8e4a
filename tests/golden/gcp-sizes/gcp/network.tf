# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The network. Containers have private addresses and reach only what a firewall rule allows.

resource "google_compute_network" "main" {
  name                    = "media-prod"
  auto_create_subnetworks = false
  routing_mode            = "REGIONAL"

  depends_on = [time_sleep.apis]
}

# Cloud Run releases its addresses one to two hours after a service is deleted. Until then the subnetwork stays.
resource "google_compute_subnetwork" "main" {
  name          = "media-prod-containers"
  network       = google_compute_network.main.id
  region        = "us-central1"
  ip_cidr_range = "10.20.0.0/17"

  # Google's APIs (storage, queues, secrets) are reached from private addresses.
  private_ip_google_access = true

  # checkov:skip=CKV_GCP_26: networking.flow_logs is false
}

# ---- What containers may reach. Network tags say to which containers a rule applies.

# Denies what no rule below allows. No rule lets traffic in: requests do not come through this network.
resource "google_compute_firewall" "deny_egress" {
  name               = "media-prod-deny-egress"
  description        = "Whatever no other rule allows"
  network            = google_compute_network.main.id
  direction          = "EGRESS"
  priority           = 65534
  destination_ranges = ["0.0.0.0/0"]

  deny {
    protocol = "all"
  }
}

resource "google_compute_firewall" "https" {
  name               = "media-prod-https"
  description        = "Containers to the internet and to Google Cloud's own services, HTTPS only"
  network            = google_compute_network.main.id
  direction          = "EGRESS"
  priority           = 1000
  destination_ranges = ["0.0.0.0/0"]
  target_tags        = ["media-prod-site", "media-prod-encoder", "media-prod-posters", "media-prod-report"]

  allow {
    protocol = "tcp"
    ports    = ["443"]
  }
}

resource "google_compute_firewall" "site_to_cache" {
  name               = "media-prod-site-to-cache"
  description        = "site to Valkey of cache"
  network            = google_compute_network.main.id
  direction          = "EGRESS"
  priority           = 1000
  destination_ranges = [google_compute_subnetwork.main.ip_cidr_range]
  target_tags        = ["media-prod-site"]

  allow {
    protocol = "tcp"
    ports    = ["6379"]
  }
}
