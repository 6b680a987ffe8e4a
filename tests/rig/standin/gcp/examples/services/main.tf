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
  backend "gcs" {
    bucket = "acme-shop-tfstate"
    prefix = "shop"
  }
}

provider "google" {
  project        = "acme-shop"
  region         = "europe-west1"
  default_labels = { app = "shop", environment = "production" }
}

variable "images" {
  type = map(string)
}

variable "stripe_key" {
  type      = string
  ephemeral = true
  sensitive = true
  default   = "not-a-real-key"
}

# ---- APIs

resource "google_project_service" "apis" {
  for_each = toset([
    "artifactregistry", "certificatemanager", "cloudkms", "cloudscheduler", "compute", "dns", "iam", "logging",
    "monitoring", "pubsub", "run", "secretmanager", "servicenetworking", "sqladmin", "storage",
  ])
  service            = "${each.key}.googleapis.com"
  disable_on_destroy = false
}

resource "time_sleep" "apis" {
  create_duration = "60s"
  depends_on      = [google_project_service.apis]
}

# ---- key

resource "google_kms_key_ring" "main" {
  name       = "shop-production"
  location   = "europe-west1"
  depends_on = [time_sleep.apis]
}

resource "google_kms_crypto_key" "main" {
  name                       = "data"
  key_ring                   = google_kms_key_ring.main.id
  rotation_period            = "7776000s"
  destroy_scheduled_duration = "2592000s"
  lifecycle {
    prevent_destroy = true
  }
}

resource "google_kms_crypto_key_iam_member" "agents" {
  for_each = {
    pubsub  = "gcp-sa-pubsub"
    secrets = "gcp-sa-secretmanager"
    sql     = "gcp-sa-cloud-sql"
  }
  crypto_key_id = google_kms_crypto_key.main.id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:service-123456789012@${each.value}.iam.gserviceaccount.com"
}

# ---- network

resource "google_compute_network" "main" {
  name                    = "shop-production"
  auto_create_subnetworks = false
  depends_on              = [time_sleep.apis]
}

resource "google_compute_subnetwork" "services" {
  name                     = "shop-production-services"
  network                  = google_compute_network.main.id
  region                   = "europe-west1"
  ip_cidr_range            = "10.20.0.0/22"
  private_ip_google_access = true
  log_config {
    aggregation_interval = "INTERVAL_5_MIN"
    flow_sampling        = 0.5
    metadata             = "INCLUDE_ALL_METADATA"
  }
}

resource "google_compute_global_address" "peering" {
  name          = "shop-production-peering"
  purpose       = "VPC_PEERING"
  address_type  = "INTERNAL"
  prefix_length = 16
  network       = google_compute_network.main.id
}

resource "google_service_networking_connection" "peering" {
  network                 = google_compute_network.main.id
  service                 = "servicenetworking.googleapis.com"
  reserved_peering_ranges = [google_compute_global_address.peering.name]
}

# ---- database

resource "google_sql_database_instance" "orders" {
  name                = "shop-production-orders"
  region              = "europe-west1"
  database_version    = "POSTGRES_17"
  encryption_key_name = google_kms_crypto_key.main.id
  deletion_protection = true
  settings {
    edition                     = "ENTERPRISE"
    tier                        = "db-custom-2-7680"
    availability_type           = "REGIONAL"
    disk_size                   = 50
    disk_autoresize             = true
    deletion_protection_enabled = true
    ip_configuration {
      ipv4_enabled    = false
      private_network = google_compute_network.main.id
      ssl_mode        = "ENCRYPTED_ONLY"
    }
    backup_configuration {
      enabled                        = true
      point_in_time_recovery_enabled = true
      transaction_log_retention_days = 7
      backup_retention_settings {
        retained_backups = 14
      }
    }
    database_flags {
      name  = "cloudsql.iam_authentication"
      value = "on"
    }
  }
  lifecycle {
    ignore_changes = [settings[0].disk_size]
  }
  depends_on = [google_kms_crypto_key_iam_member.agents, google_service_networking_connection.peering]
}

resource "google_sql_database" "orders" {
  name     = "orders"
  instance = google_sql_database_instance.orders.name
}

resource "google_sql_user" "web" {
  name     = trimsuffix(google_service_account.web.email, ".gserviceaccount.com")
  instance = google_sql_database_instance.orders.name
  type     = "CLOUD_IAM_SERVICE_ACCOUNT"
}

# ---- queue

resource "google_pubsub_topic" "jobs" {
  name         = "shop-production-jobs"
  kms_key_name = google_kms_crypto_key.main.id
  depends_on   = [google_kms_crypto_key_iam_member.agents]
}

resource "google_pubsub_topic" "dead" {
  name         = "shop-production-jobs-dead"
  kms_key_name = google_kms_crypto_key.main.id
  depends_on   = [google_kms_crypto_key_iam_member.agents]
}

resource "google_pubsub_subscription" "jobs" {
  name                       = "shop-production-jobs"
  topic                      = google_pubsub_topic.jobs.id
  ack_deadline_seconds       = 120
  message_retention_duration = "604800s"
  expiration_policy {
    ttl = ""
  }
  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead.id
    max_delivery_attempts = 5
  }
}

resource "google_pubsub_subscription" "dead" {
  name  = "shop-production-jobs-dead"
  topic = google_pubsub_topic.dead.id
  expiration_policy {
    ttl = ""
  }
}

resource "google_pubsub_topic_iam_member" "dead" {
  topic  = google_pubsub_topic.dead.id
  role   = "roles/pubsub.publisher"
  member = "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
}

resource "google_pubsub_subscription_iam_member" "jobs" {
  subscription = google_pubsub_subscription.jobs.id
  role         = "roles/pubsub.subscriber"
  member       = "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
}

# ---- secret

resource "google_secret_manager_secret" "stripe" {
  secret_id = "shop-production-stripe-key"
  replication {
    user_managed {
      replicas {
        location = "europe-west1"
        customer_managed_encryption {
          kms_key_name = google_kms_crypto_key.main.id
        }
      }
    }
  }
  depends_on = [google_kms_crypto_key_iam_member.agents]
}

resource "google_secret_manager_secret_version" "stripe" {
  secret                 = google_secret_manager_secret.stripe.id
  secret_data_wo         = var.stripe_key
  secret_data_wo_version = "1"
}

# ---- identity

resource "google_service_account" "web" {
  account_id = "shop-production-web"
  depends_on = [time_sleep.apis]
}

resource "google_project_iam_member" "web" {
  for_each = toset(["roles/cloudsql.client", "roles/cloudsql.instanceUser"])
  project  = "acme-shop"
  role     = each.key
  member   = google_service_account.web.member
}

resource "google_secret_manager_secret_iam_member" "web" {
  secret_id = google_secret_manager_secret.stripe.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.web.member
}

# ---- service and job

resource "google_cloud_run_v2_service" "web" {
  name                 = "shop-production-web"
  location             = "europe-west1"
  ingress              = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
  default_uri_disabled = true
  invoker_iam_disabled = true
  deletion_protection  = true
  template {
    service_account                  = google_service_account.web.email
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"
    max_instance_request_concurrency = 80
    timeout                          = "60s"
    scaling {
      min_instance_count = 2
      max_instance_count = 10
    }
    vpc_access {
      egress = "PRIVATE_RANGES_ONLY"
      network_interfaces {
        network    = google_compute_network.main.id
        subnetwork = google_compute_subnetwork.services.id
      }
    }
    containers {
      image = var.images["web"]
      ports {
        container_port = 8000
      }
      resources {
        limits            = { cpu = "1", memory = "1Gi" }
        cpu_idle          = true
        startup_cpu_boost = true
      }
      env {
        name  = "ORDERS_DB_HOST"
        value = google_sql_database_instance.orders.private_ip_address
      }
      env {
        name = "STRIPE_KEY"
        value_source {
          secret_key_ref {
            secret  = google_secret_manager_secret.stripe.secret_id
            version = "latest"
          }
        }
      }
      startup_probe {
        period_seconds    = 5
        failure_threshold = 12
        http_get {
          path = "/healthz"
        }
      }
    }
  }
  depends_on = [google_secret_manager_secret_iam_member.web, google_secret_manager_secret_version.stripe]
}

resource "google_cloud_run_v2_job" "nightly" {
  name                = "shop-production-nightly"
  location            = "europe-west1"
  deletion_protection = true
  template {
    template {
      service_account = google_service_account.web.email
      max_retries     = 3
      timeout         = "3600s"
      containers {
        image = var.images["web"]
      }
    }
  }
}

resource "google_service_account" "scheduler" {
  account_id = "shop-production-sched"
  depends_on = [time_sleep.apis]
}

resource "google_cloud_run_v2_job_iam_member" "scheduler" {
  name     = google_cloud_run_v2_job.nightly.name
  location = "europe-west1"
  role     = "roles/run.invoker"
  member   = google_service_account.scheduler.member
}

resource "google_cloud_scheduler_job" "nightly" {
  name             = "shop-production-nightly"
  region           = "europe-west1"
  schedule         = "0 2 * * *"
  time_zone        = "Europe/Berlin"
  attempt_deadline = "320s"
  retry_config {
    retry_count = 3
  }
  http_target {
    http_method = "POST"
    uri         = "https://run.googleapis.com/v2/${google_cloud_run_v2_job.nightly.id}:run"
    oauth_token {
      service_account_email = google_service_account.scheduler.email
    }
  }
}

# ---- load balancer

resource "google_compute_global_address" "lb" {
  name       = "shop-production-lb"
  depends_on = [time_sleep.apis]
}

resource "google_compute_region_network_endpoint_group" "web" {
  name                  = "shop-production-web"
  region                = "europe-west1"
  network_endpoint_type = "SERVERLESS"
  cloud_run {
    service = google_cloud_run_v2_service.web.name
  }
}

resource "google_compute_security_policy" "main" {
  name = "shop-production"
  rule {
    action   = "throttle"
    priority = 1000
    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["*"]
      }
    }
    rate_limit_options {
      conform_action = "allow"
      exceed_action  = "deny(429)"
      enforce_on_key = "IP"
      rate_limit_threshold {
        count        = 2000
        interval_sec = 300
      }
    }
  }
  rule {
    action   = "allow"
    priority = 2147483647
    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["*"]
      }
    }
  }
  depends_on = [time_sleep.apis]
}

resource "google_compute_backend_service" "web" {
  name                  = "shop-production-web"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  protocol              = "HTTPS"
  security_policy       = google_compute_security_policy.main.id
  backend {
    group = google_compute_region_network_endpoint_group.web.id
  }
  log_config {
    enable      = true
    sample_rate = 1
  }
}

resource "google_compute_url_map" "https" {
  name            = "shop-production-https"
  default_service = google_compute_backend_service.web.id
}

resource "google_dns_managed_zone" "main" {
  name       = "shop-example-com"
  dns_name   = "shop.example.com."
  depends_on = [time_sleep.apis]
}

resource "google_certificate_manager_dns_authorization" "main" {
  name       = "shop-production"
  domain     = "shop.example.com"
  depends_on = [time_sleep.apis]
}

resource "google_dns_record_set" "certificate" {
  managed_zone = google_dns_managed_zone.main.name
  name         = google_certificate_manager_dns_authorization.main.dns_resource_record[0].name
  type         = google_certificate_manager_dns_authorization.main.dns_resource_record[0].type
  ttl          = 300
  rrdatas      = [google_certificate_manager_dns_authorization.main.dns_resource_record[0].data]
}

resource "google_certificate_manager_certificate" "main" {
  name = "shop-production"
  managed {
    domains            = ["shop.example.com"]
    dns_authorizations = [google_certificate_manager_dns_authorization.main.id]
  }
  depends_on = [google_dns_record_set.certificate]
}

resource "google_certificate_manager_certificate_map" "main" {
  name       = "shop-production"
  depends_on = [time_sleep.apis]
}

resource "google_certificate_manager_certificate_map_entry" "main" {
  name         = "shop-production"
  map          = google_certificate_manager_certificate_map.main.name
  hostname     = "shop.example.com"
  certificates = [google_certificate_manager_certificate.main.id]
}

resource "google_compute_target_https_proxy" "main" {
  name            = "shop-production"
  url_map         = google_compute_url_map.https.id
  certificate_map = "//certificatemanager.googleapis.com/${google_certificate_manager_certificate_map.main.id}"
}

resource "google_compute_global_forwarding_rule" "https" {
  name                  = "shop-production-https"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.lb.id
  port_range            = "443"
  target                = google_compute_target_https_proxy.main.id
}

# ---- watching

resource "google_logging_project_bucket_config" "app" {
  project        = "acme-shop"
  location       = "europe-west1"
  bucket_id      = "shop-production"
  retention_days = 365
  depends_on     = [time_sleep.apis]
}

resource "google_logging_project_sink" "app" {
  name                   = "shop-production"
  destination            = "logging.googleapis.com/${google_logging_project_bucket_config.app.id}"
  filter                 = "resource.type=\"cloud_run_revision\""
  unique_writer_identity = true
}

resource "google_monitoring_notification_channel" "mail" {
  display_name = "ops"
  type         = "email"
  labels       = { email_address = "ops@example.com" }
  depends_on   = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "errors" {
  display_name          = "shop-production: errors"
  combiner              = "OR"
  notification_channels = [google_monitoring_notification_channel.mail.id]
  conditions {
    display_name = "more than 1 % errors"
    condition_prometheus_query_language {
      query               = "vector(1) > 0.01"
      duration            = "300s"
      evaluation_interval = "60s"
    }
  }
  alert_strategy {
    auto_close = "1800s"
  }
}

resource "google_monitoring_uptime_check_config" "web" {
  display_name = "shop-production-web"
  period       = "60s"
  timeout      = "10s"
  http_check {
    path         = "/healthz"
    port         = 443
    use_ssl      = true
    validate_ssl = true
  }
  monitored_resource {
    type   = "uptime_url"
    labels = { project_id = "acme-shop", host = "shop.example.com" }
  }
  depends_on = [time_sleep.apis]
}

output "address" {
  value = google_compute_global_address.lb.address
}
