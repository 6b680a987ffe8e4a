terraform {
  required_version = ">= 1.11"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 7.40, < 9"
    }
    time = {
      source  = "hashicorp/time"
      version = "~> 0.13"
    }
  }
}

provider "google" {
  project = "acme-shop"
  region  = "europe-west1"
}

resource "google_project_service" "apis" {
  for_each = toset([
    "compute", "container", "eventarc", "iam", "memorystore", "networkconnectivity", "run", "storage",
  ])
  service            = "${each.key}.googleapis.com"
  disable_on_destroy = false
}

resource "time_sleep" "apis" {
  create_duration = "60s"
  depends_on      = [google_project_service.apis]
}

resource "google_compute_network" "main" {
  name                    = "shop"
  auto_create_subnetworks = false
  depends_on              = [time_sleep.apis]
}

resource "google_compute_subnetwork" "machines" {
  name          = "shop-machines"
  network       = google_compute_network.main.id
  region        = "europe-west1"
  ip_cidr_range = "10.20.0.0/20"
  secondary_ip_range {
    range_name    = "pods"
    ip_cidr_range = "10.24.0.0/14"
  }
  secondary_ip_range {
    range_name    = "services"
    ip_cidr_range = "10.28.0.0/20"
  }
}

resource "google_compute_router" "main" {
  name    = "shop"
  network = google_compute_network.main.id
  region  = "europe-west1"
}

resource "google_compute_router_nat" "main" {
  name                               = "shop"
  router                             = google_compute_router.main.name
  region                             = "europe-west1"
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "LIST_OF_SUBNETWORKS"
  subnetwork {
    name                    = google_compute_subnetwork.machines.id
    source_ip_ranges_to_nat = ["ALL_IP_RANGES"]
  }
}

resource "google_compute_firewall" "balancer" {
  name                    = "shop-balancer"
  network                 = google_compute_network.main.id
  direction               = "INGRESS"
  source_ranges           = ["35.191.0.0/16", "130.211.0.0/22"]
  target_service_accounts = [google_service_account.machines.email]
  allow {
    protocol = "tcp"
    ports    = ["8000"]
  }
}

resource "google_service_account" "machines" {
  account_id = "shop-machines"
  depends_on = [time_sleep.apis]
}

resource "google_project_iam_member" "machines" {
  project = "acme-shop"
  role    = "roles/logging.logWriter"
  member  = google_service_account.machines.member
}

resource "google_compute_region_instance_template" "web" {
  name_prefix  = "shop-web-"
  region       = "europe-west1"
  machine_type = "e2-medium"
  disk {
    source_image = "projects/debian-cloud/global/images/family/debian-12"
    boot         = true
    disk_size_gb = 20
  }
  network_interface {
    subnetwork = google_compute_subnetwork.machines.id
  }
  service_account {
    email  = google_service_account.machines.email
    scopes = ["cloud-platform"]
  }
  lifecycle {
    create_before_destroy = true
  }
}

resource "google_compute_health_check" "web" {
  name                = "shop-web"
  check_interval_sec  = 10
  timeout_sec         = 5
  healthy_threshold   = 2
  unhealthy_threshold = 3
  http_health_check {
    port         = 8000
    request_path = "/healthz"
  }
  depends_on = [time_sleep.apis]
}

resource "google_compute_region_instance_group_manager" "web" {
  name               = "shop-web"
  region             = "europe-west1"
  base_instance_name = "shop-web"
  version {
    instance_template = google_compute_region_instance_template.web.self_link
  }
  named_port {
    name = "http"
    port = 8000
  }
  auto_healing_policies {
    health_check      = google_compute_health_check.web.id
    initial_delay_sec = 120
  }
  update_policy {
    type                  = "PROACTIVE"
    minimal_action        = "REPLACE"
    max_surge_fixed       = 3
    max_unavailable_fixed = 0
  }
}

resource "google_compute_region_autoscaler" "web" {
  name   = "shop-web"
  region = "europe-west1"
  target = google_compute_region_instance_group_manager.web.id
  autoscaling_policy {
    min_replicas = 2
    max_replicas = 6
    cpu_utilization {
      target = 0.6
    }
    scaling_schedules {
      name                  = "morning"
      min_required_replicas = 4
      schedule              = "0 7 * * 1-5"
      time_zone             = "Europe/Berlin"
      duration_sec          = 36000
    }
  }
}

resource "google_compute_backend_service" "web" {
  name                  = "shop-web"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  protocol              = "HTTP"
  port_name             = "http"
  timeout_sec           = 30
  health_checks         = [google_compute_health_check.web.id]
  backend {
    group           = google_compute_region_instance_group_manager.web.instance_group
    balancing_mode  = "UTILIZATION"
    max_utilization = 0.8
  }
}

resource "google_compute_url_map" "web" {
  name            = "shop-web"
  default_service = google_compute_backend_service.web.id
  host_rule {
    hosts        = ["*"]
    path_matcher = "all"
  }
  path_matcher {
    name            = "all"
    default_service = google_compute_backend_service.web.id
    path_rule {
      paths   = ["/api", "/api/*"]
      service = google_compute_backend_service.web.id
    }
  }
}

resource "google_compute_target_http_proxy" "web" {
  name    = "shop-web"
  url_map = google_compute_url_map.web.id
}

resource "google_compute_global_forwarding_rule" "web" {
  name                  = "shop-web"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  port_range            = "80"
  target                = google_compute_target_http_proxy.web.id
}

resource "google_network_connectivity_service_connection_policy" "cache" {
  name          = "shop-cache"
  location      = "europe-west1"
  service_class = "gcp-memorystore"
  network       = google_compute_network.main.id
  psc_config {
    subnetworks = [google_compute_subnetwork.machines.id]
  }
}

resource "google_memorystore_instance" "sessions" {
  instance_id                 = "shop-sessions"
  location                    = "europe-west1"
  shard_count                 = 1
  replica_count               = 1
  mode                        = "CLUSTER_DISABLED"
  node_type                   = "STANDARD_SMALL"
  engine_version              = "VALKEY_8_0"
  deletion_protection_enabled = true
  desired_auto_created_endpoints {
    network    = google_compute_network.main.id
    project_id = "acme-shop"
  }
  depends_on = [google_network_connectivity_service_connection_policy.cache]
}

resource "google_container_cluster" "main" {
  name                = "shop"
  location            = "europe-west1"
  enable_autopilot    = true
  network             = google_compute_network.main.id
  subnetwork          = google_compute_subnetwork.machines.id
  deletion_protection = true
  ip_allocation_policy {
    cluster_secondary_range_name  = "pods"
    services_secondary_range_name = "services"
  }
  cluster_autoscaling {
    auto_provisioning_defaults {
      service_account = google_service_account.machines.email
    }
  }
}

resource "google_storage_bucket" "assets" {
  name                        = "acme-shop-assets"
  location                    = "europe-west1"
  uniform_bucket_level_access = true
  force_destroy               = true
  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      days_since_noncurrent_time = 90
    }
  }
  depends_on = [time_sleep.apis]
}

data "google_storage_project_service_account" "main" {}

resource "google_project_iam_member" "events" {
  for_each = {
    "roles/eventarc.eventReceiver" = google_service_account.machines.member
    "roles/pubsub.publisher"       = data.google_storage_project_service_account.main.member
    "roles/run.invoker"            = google_service_account.machines.member
  }
  project = "acme-shop"
  role    = each.key
  member  = each.value
}

resource "google_cloud_run_v2_service" "thumbnail" {
  name                = "shop-thumbnail"
  location            = "europe-west1"
  ingress             = "INGRESS_TRAFFIC_INTERNAL_ONLY"
  deletion_protection = false
  template {
    service_account                  = google_service_account.machines.email
    max_instance_request_concurrency = 1
    containers {
      image = "europe-west1-docker.pkg.dev/acme-shop/shop/thumbnail:1"
      resources {
        limits   = { cpu = "500m", memory = "512Mi" }
        cpu_idle = true
      }
    }
  }
}

resource "google_eventarc_trigger" "thumbnail" {
  name            = "shop-thumbnail"
  location        = "europe-west1"
  service_account = google_service_account.machines.email
  matching_criteria {
    attribute = "type"
    value     = "google.cloud.storage.object.v1.finalized"
  }
  matching_criteria {
    attribute = "bucket"
    value     = google_storage_bucket.assets.name
  }
  destination {
    cloud_run_service {
      service = google_cloud_run_v2_service.thumbnail.name
      region  = "europe-west1"
    }
  }
  depends_on = [google_project_iam_member.events]
}
