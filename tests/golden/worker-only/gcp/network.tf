# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The network. Containers have private addresses and reach only what a firewall rule allows.

resource "google_compute_network" "main" {
  name                    = "crawler-prod"
  auto_create_subnetworks = false
  routing_mode            = "REGIONAL"

  depends_on = [time_sleep.apis]
}

# Cloud Run releases its addresses one to two hours after a service is deleted. Until then the subnetwork stays.
resource "google_compute_subnetwork" "main" {
  name          = "crawler-prod-containers"
  network       = google_compute_network.main.id
  region        = "europe-west1"
  ip_cidr_range = "10.20.0.0/17"

  # Google's APIs (storage, queues, secrets) are reached from private addresses.
  private_ip_google_access = true

  # Flow logs: which addresses exchanged traffic.
  log_config {
    aggregation_interval = "INTERVAL_1_MIN"
    flow_sampling        = 0.5
    metadata             = "INCLUDE_ALL_METADATA"
  }
}

# ---- What containers may reach. Network tags say to which containers a rule applies.

# Denies what no rule below allows. No rule lets traffic in: requests do not come through this network.
resource "google_compute_firewall" "deny_egress" {
  name               = "crawler-prod-deny-egress"
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
  name               = "crawler-prod-https"
  description        = "Containers to the internet and to Google Cloud's own services, HTTPS only"
  network            = google_compute_network.main.id
  direction          = "EGRESS"
  priority           = 1000
  destination_ranges = ["0.0.0.0/0"]
  target_tags        = ["crawler-prod-worker"]

  allow {
    protocol = "tcp"
    ports    = ["443"]
  }
}
