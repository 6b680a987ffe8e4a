# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The network. Containers have private addresses and reach only what a firewall rule allows.

resource "google_compute_network" "main" {
  name                    = "darkroom-staging"
  auto_create_subnetworks = false
  routing_mode            = "REGIONAL"

  depends_on = [time_sleep.apis]
}

# Cloud Run releases its addresses one to two hours after a service is deleted. Until then the subnetwork stays.
resource "google_compute_subnetwork" "main" {
  name          = "darkroom-staging-containers"
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

# ---- The way to the internet

resource "google_compute_router" "main" {
  name    = "darkroom-staging"
  network = google_compute_network.main.id
  region  = "europe-west1"
}

# One for the region. It works in all zones.
resource "google_compute_router_nat" "main" {
  name                               = "darkroom-staging-nat"
  router                             = google_compute_router.main.name
  region                             = "europe-west1"
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "LIST_OF_SUBNETWORKS"

  subnetwork {
    name                    = google_compute_subnetwork.main.id
    source_ip_ranges_to_nat = ["ALL_IP_RANGES"]
  }

  # Ports are allocated to instances as they need them. That excludes endpoint-independent mapping.
  enable_dynamic_port_allocation      = true
  enable_endpoint_independent_mapping = false

  log_config {
    enable = true
    filter = "ERRORS_ONLY"
  }
}

# ---- Private addresses of databases: a reserved range, and a peering with Google's network

resource "google_compute_global_address" "services" {
  name          = "darkroom-staging-services"
  address_type  = "INTERNAL"
  purpose       = "VPC_PEERING"
  address       = "10.20.192.0"
  prefix_length = 18
  network       = google_compute_network.main.id
}

resource "google_service_networking_connection" "services" {
  network                 = google_compute_network.main.id
  service                 = "servicenetworking.googleapis.com"
  reserved_peering_ranges = [google_compute_global_address.services.name]

  # For days after the last database is deleted, Google refuses to delete the peering.
  deletion_policy = "ABANDON"

  # Takes over a peering that was left from before.
  update_on_creation_fail = true
}

# ---- What containers may reach. Network tags say to which containers a rule applies.

# Denies what no rule below allows. No rule lets traffic in: requests do not come through this network.
resource "google_compute_firewall" "deny_egress" {
  name               = "darkroom-staging-deny-egress"
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
  name               = "darkroom-staging-https"
  description        = "Containers to the internet and to Google Cloud's own services, HTTPS only"
  network            = google_compute_network.main.id
  direction          = "EGRESS"
  priority           = 1000
  destination_ranges = ["0.0.0.0/0"]
  target_tags = [
    "darkroom-staging-web",
    "darkroom-staging-printer",
    "darkroom-staging-thumbnails",
    "darkroom-staging-index",
    "darkroom-staging-nightly",
  ]

  allow {
    protocol = "tcp"
    ports    = ["443"]
  }
}

resource "google_compute_firewall" "web_to_albums" {
  name               = "darkroom-staging-web-to-albums"
  description        = "web to PostgreSQL of albums"
  network            = google_compute_network.main.id
  direction          = "EGRESS"
  priority           = 1000
  destination_ranges = ["${google_compute_global_address.services.address}/${google_compute_global_address.services.prefix_length}"]
  target_tags        = ["darkroom-staging-web"]

  allow {
    protocol = "tcp"
    ports    = ["5432"]
  }
}

resource "google_compute_firewall" "index_to_albums" {
  name               = "darkroom-staging-index-to-albums"
  description        = "index to PostgreSQL of albums"
  network            = google_compute_network.main.id
  direction          = "EGRESS"
  priority           = 1000
  destination_ranges = ["${google_compute_global_address.services.address}/${google_compute_global_address.services.prefix_length}"]
  target_tags        = ["darkroom-staging-index"]

  allow {
    protocol = "tcp"
    ports    = ["5432"]
  }
}

resource "google_compute_firewall" "nightly_to_albums" {
  name               = "darkroom-staging-nightly-to-albums"
  description        = "nightly to PostgreSQL of albums"
  network            = google_compute_network.main.id
  direction          = "EGRESS"
  priority           = 1000
  destination_ranges = ["${google_compute_global_address.services.address}/${google_compute_global_address.services.prefix_length}"]
  target_tags        = ["darkroom-staging-nightly"]

  allow {
    protocol = "tcp"
    ports    = ["5432"]
  }
}
