# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Caches: Memorystore for Valkey, which speaks the Redis protocol. Only the containers that connect to a cache reach it:
# firewall rules allow them, and the traffic stays in the network. There is no password: IAM authentication needs code
# in the application. There is no TLS: clients do not know the certificate authority.

# Allows Memorystore to create its endpoints in the network.
resource "google_network_connectivity_service_connection_policy" "caches" {
  name          = "desk-dev"
  location      = "europe-west3"
  service_class = "gcp-memorystore"
  network       = google_compute_network.main.id

  psc_config {
    subnetworks = [google_compute_subnetwork.main.id]
  }
}

resource "google_memorystore_instance" "broker" {
  instance_id    = "desk-dev-broker"
  location       = "europe-west3"
  engine_version = "VALKEY_9_0"

  # One primary node with one address, so that every client works.
  mode          = "CLUSTER_DISABLED"
  shard_count   = 1
  replica_count = 0
  node_type     = "CUSTOM_MICRO"

  authorization_mode          = "AUTH_DISABLED"
  transit_encryption_mode     = "TRANSIT_ENCRYPTION_DISABLED"
  deletion_protection_enabled = false

  zone_distribution_config {
    mode = "MULTI_ZONE"
  }

  desired_auto_created_endpoints {
    network    = google_compute_network.main.id
    project_id = "acme-desk"
  }

  # Sunday, UTC.
  maintenance_policy {
    weekly_maintenance_window {
      day = "SUNDAY"

      start_time {
        hours = 4
      }
    }
  }

  depends_on = [google_network_connectivity_service_connection_policy.caches]

  # A cache keeps its zones and its version. README.md tells how to upgrade it.
  lifecycle {
    ignore_changes = [engine_version, zone_distribution_config]
  }
}

# The address of the primary node. Another endpoint reads from replicas.
locals {
  broker_host = one([for connection in google_memorystore_instance.broker.endpoints[0].connections : connection.psc_auto_connection[0].ip_address if connection.psc_auto_connection[0].connection_type == "CONNECTION_TYPE_PRIMARY"])
}
