# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# What runs as a function: a Cloud Run service that has CPU only while it handles a request, an event, or a run by the
# clock. Functions hold no data, so Terraform may always delete them.

resource "google_cloud_run_v2_service" "web" {
  name                = "darkroom-staging-web"
  location            = "europe-west1"
  deletion_protection = false

  # Only the load balancer reaches this service. Cloud Run asks its requests for no credentials.
  ingress              = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
  default_uri_disabled = true
  invoker_iam_disabled = true

  template {
    service_account                  = google_service_account.web.email
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"
    max_instance_request_concurrency = 80
    timeout                          = "300s"

    scaling {
      min_instance_count = 0
      max_instance_count = 20
    }

    # All traffic leaves through the network. The firewall rules for these tags apply.
    vpc_access {
      egress = "ALL_TRAFFIC"

      network_interfaces {
        network    = google_compute_network.main.id
        subnetwork = google_compute_subnetwork.main.id
        tags       = ["darkroom-staging-web"]
      }
    }

    containers {
      image = var.images.web

      ports {
        container_port = 8000
      }

      resources {
        limits = {
          cpu    = "1"
          memory = "1Gi"
        }

        # CPU is allocated while a request is handled. At start there is more of it.
        cpu_idle          = true
        startup_cpu_boost = true
      }

      env {
        name  = "FORWARDED_ALLOW_IPS"
        value = "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,169.254.0.0/16,35.191.0.0/16,130.211.0.0/22,${google_compute_global_address.load_balancer.address}"
      }

      env {
        name  = "ALBUMS_HOST"
        value = google_sql_database_instance.albums.private_ip_address
      }

      env {
        name  = "ALBUMS_PORT"
        value = "5432"
      }

      env {
        name  = "ALBUMS_NAME"
        value = "albums"
      }

      env {
        name  = "ALBUMS_USER"
        value = "app"
      }

      env {
        name  = "ALBUMS_SSLMODE"
        value = "require"
      }

      env {
        name  = "PHOTOS_BUCKET"
        value = google_storage_bucket.photos.name
      }

      env {
        name  = "PHOTOS_BUCKET_URL"
        value = "gs://${google_storage_bucket.photos.name}"
      }

      env {
        name  = "PRINTS_QUEUE"
        value = google_pubsub_topic.prints.id
      }

      env {
        name  = "GREETING"
        value = "Grüße $${name} %%{x} \"quoted\" 🎟"
      }

      env {
        name = "ALBUMS_PASSWORD"

        value_source {
          secret_key_ref {
            secret  = google_secret_manager_secret.albums_password.secret_id
            version = google_secret_manager_secret_version.albums_password.version
          }
        }
      }

      env {
        name = "SIGNING_KEY"

        value_source {
          secret_key_ref {
            secret  = google_secret_manager_secret.signing_key.secret_id
            version = google_secret_manager_secret_version.signing_key.version
          }
        }
      }

      # Requests are sent once this check succeeds.
      startup_probe {
        timeout_seconds   = 5
        period_seconds    = 6
        failure_threshold = 30

        http_get {
          path = "/health"
        }
      }
    }
  }

  # Must exist before the first instance starts.
  depends_on = [
    google_compute_firewall.https,
    google_compute_router_nat.main,
    google_compute_firewall.web_to_albums,
    time_sleep.grants,
    google_secret_manager_secret_version.signing_key,
    google_sql_database.albums,
    google_sql_user.albums,
    google_storage_bucket.photos,
    google_pubsub_subscription.prints,
  ]

  # Set by gcloud and the console when they change something.
  lifecycle {
    ignore_changes = [client, client_version]
  }
}

resource "google_cloud_run_v2_service" "printer" {
  name                = "darkroom-staging-printer"
  location            = "europe-west1"
  deletion_protection = false

  # No route leads here. What starts it calls its address at run.app, and has roles/run.invoker.
  ingress = "INGRESS_TRAFFIC_INTERNAL_ONLY"

  template {
    service_account                  = google_service_account.printer.email
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"
    max_instance_request_concurrency = 1
    timeout                          = "120s"

    scaling {
      min_instance_count = 0
      max_instance_count = 3
    }

    # All traffic leaves through the network. The firewall rules for these tags apply.
    vpc_access {
      egress = "ALL_TRAFFIC"

      network_interfaces {
        network    = google_compute_network.main.id
        subnetwork = google_compute_subnetwork.main.id
        tags       = ["darkroom-staging-printer"]
      }
    }

    containers {
      image = var.images.printer

      ports {
        container_port = 8080
      }

      resources {
        limits = {
          cpu    = "1"
          memory = "1Gi"
        }

        # CPU is allocated while a request is handled. At start there is more of it.
        cpu_idle          = true
        startup_cpu_boost = true
      }

      env {
        name  = "EVENT_SOURCE"
        value = "/queues/prints"
      }

      env {
        name  = "PRINTS_QUEUE"
        value = "projects/acme-photos/subscriptions/darkroom-staging-prints"
      }

      env {
        name  = "BROKER"
        value = "projects/acme-photos/subscriptions/darkroom-staging-prints"
      }

      env {
        name = "PRINTER_TOKEN"

        value_source {
          secret_key_ref {
            secret  = google_secret_manager_secret.printer_token.secret_id
            version = google_secret_manager_secret_version.printer_token.version
          }
        }
      }
    }
  }

  # Must exist before the first instance starts.
  depends_on = [
    google_compute_firewall.https,
    google_compute_router_nat.main,
    time_sleep.grants,
    google_secret_manager_secret_version.printer_token,
  ]

  # Set by gcloud and the console when they change something.
  lifecycle {
    ignore_changes = [client, client_version]
  }
}

# IAM changes take minutes to propagate. Until then a call is refused, and counts as a delivery. Another set of grants is
# another instance of this, so that it is waited for.
resource "time_sleep" "printer_trigger" {
  for_each        = toset(["4884c2ca"])
  create_duration = "120s"

  depends_on = [google_cloud_run_v2_service_iam_member.printer_trigger_printer_invoker]
}

resource "google_cloud_run_v2_service" "thumbnails" {
  name                = "darkroom-staging-thumbnails"
  location            = "europe-west1"
  deletion_protection = false

  # No route leads here. What starts it calls its address at run.app, and has roles/run.invoker.
  ingress = "INGRESS_TRAFFIC_INTERNAL_ONLY"

  template {
    service_account                  = google_service_account.thumbnails.email
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"
    max_instance_request_concurrency = 1
    timeout                          = "120s"

    scaling {
      min_instance_count = 0
      max_instance_count = 4
    }

    # All traffic leaves through the network. The firewall rules for these tags apply.
    vpc_access {
      egress = "ALL_TRAFFIC"

      network_interfaces {
        network    = google_compute_network.main.id
        subnetwork = google_compute_subnetwork.main.id
        tags       = ["darkroom-staging-thumbnails"]
      }
    }

    containers {
      image = var.images.thumbnails

      ports {
        container_port = 8080
      }

      resources {
        limits = {
          cpu    = "2"
          memory = "4Gi"
        }

        # CPU is allocated while a request is handled. At start there is more of it.
        cpu_idle          = true
        startup_cpu_boost = true
      }

      env {
        name  = "EVENT_SOURCE"
        value = "/buckets/photos"
      }

      env {
        name  = "PHOTOS_BUCKET"
        value = google_storage_bucket.photos.name
      }

      env {
        name  = "PHOTOS_BUCKET_URL"
        value = "gs://${google_storage_bucket.photos.name}"
      }
    }
  }

  # Must exist before the first instance starts.
  depends_on = [
    google_compute_firewall.https,
    google_compute_router_nat.main,
    time_sleep.grants,
    google_storage_bucket.photos,
  ]

  # Set by gcloud and the console when they change something.
  lifecycle {
    ignore_changes = [client, client_version]
  }
}

# Cloud Storage tells a topic of each new object, and the topic starts the function. What the function could not handle
# goes to the dead-letter topic. An alert policy reports it. It is kept there for 14 days.
resource "google_storage_notification" "thumbnails" {
  bucket         = google_storage_bucket.photos.name
  topic          = google_pubsub_topic.thumbnails_objects.id
  payload_format = "JSON_API_V1"
  event_types    = ["OBJECT_FINALIZE"]

  object_name_prefix = "originals/"

  # Cloud Storage asks whether it may publish.
  depends_on = [time_sleep.thumbnails_trigger]
}

resource "google_pubsub_topic_iam_member" "thumbnails_objects_telling" {
  topic  = google_pubsub_topic.thumbnails_objects.id
  role   = "roles/pubsub.publisher"
  member = "serviceAccount:${data.google_storage_project_service_account.current.email_address}"
}

resource "google_pubsub_topic" "thumbnails_objects" {
  name         = "darkroom-staging-thumbnails-objects"
  kms_key_name = google_kms_crypto_key.main.id

  depends_on = [time_sleep.key]
}

resource "google_pubsub_subscription" "thumbnails_objects" {
  name                       = "darkroom-staging-thumbnails-objects"
  topic                      = google_pubsub_topic.thumbnails_objects.id
  ack_deadline_seconds       = 120
  message_retention_duration = "604800s"

  # Never expires. By default it is deleted after a month without a consumer.
  expiration_policy {
    ttl = ""
  }

  # Failed messages are delivered again with increasing delay.
  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.thumbnails_objects_dead_letter.id
    max_delivery_attempts = 5
  }

  # A message starts the function. Another answer than 2xx, or none within the deadline, means that it failed.
  push_config {
    push_endpoint = "${google_cloud_run_v2_service.thumbnails.uri}/events"

    oidc_token {
      service_account_email = google_service_account.thumbnails_trigger.email
      audience              = google_cloud_run_v2_service.thumbnails.uri
    }
  }

  # A call that is refused counts as a delivery.
  depends_on = [time_sleep.thumbnails_trigger]
}

resource "google_pubsub_topic" "thumbnails_objects_dead_letter" {
  name         = "darkroom-staging-thumbnails-objects-dead-letter"
  kms_key_name = google_kms_crypto_key.main.id

  depends_on = [time_sleep.key]
}

# A topic without a subscription keeps no messages.
resource "google_pubsub_subscription" "thumbnails_objects_dead_letter" {
  name                       = "darkroom-staging-thumbnails-objects-dead-letter"
  topic                      = google_pubsub_topic.thumbnails_objects_dead_letter.id
  message_retention_duration = "1209600s"

  expiration_policy {
    ttl = ""
  }
}

# Pub/Sub needs both permissions to move dead letters. Without them it fails silently.
resource "google_pubsub_subscription_iam_member" "thumbnails_objects_forwarding" {
  subscription = google_pubsub_subscription.thumbnails_objects.name
  role         = "roles/pubsub.subscriber"
  member       = "serviceAccount:service-${data.google_project.current.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}

resource "google_pubsub_topic_iam_member" "thumbnails_objects_dead_letter_forwarding" {
  topic  = google_pubsub_topic.thumbnails_objects_dead_letter.id
  role   = "roles/pubsub.publisher"
  member = "serviceAccount:service-${data.google_project.current.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}

# IAM changes take minutes to propagate. Until then a call is refused, and counts as a delivery. Another set of grants is
# another instance of this, so that it is waited for.
resource "time_sleep" "thumbnails_trigger" {
  for_each        = toset(["2b36ed1e"])
  create_duration = "120s"

  depends_on = [
    google_cloud_run_v2_service_iam_member.thumbnails_trigger_thumbnails_invoker,
    google_pubsub_topic_iam_member.thumbnails_objects_telling,
  ]
}

resource "google_cloud_run_v2_service" "index" {
  name                = "darkroom-staging-index"
  location            = "europe-west1"
  deletion_protection = false

  # No route leads here. What starts it calls its address at run.app, and has roles/run.invoker.
  ingress = "INGRESS_TRAFFIC_INTERNAL_ONLY"

  template {
    service_account                  = google_service_account.index.email
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"
    max_instance_request_concurrency = 1
    timeout                          = "60s"

    scaling {
      min_instance_count = 0
      max_instance_count = 4
    }

    # All traffic leaves through the network. The firewall rules for these tags apply.
    vpc_access {
      egress = "ALL_TRAFFIC"

      network_interfaces {
        network    = google_compute_network.main.id
        subnetwork = google_compute_subnetwork.main.id
        tags       = ["darkroom-staging-index"]
      }
    }

    containers {
      image = var.images.index

      ports {
        container_port = 8080
      }

      resources {
        limits = {
          cpu    = "1"
          memory = "1Gi"
        }

        # CPU is allocated while a request is handled. At start there is more of it.
        cpu_idle          = true
        startup_cpu_boost = true
      }

      env {
        name  = "EVENT_SOURCE"
        value = "/buckets/photos"
      }

      env {
        name  = "ALBUMS_HOST"
        value = google_sql_database_instance.albums.private_ip_address
      }

      env {
        name  = "ALBUMS_PORT"
        value = "5432"
      }

      env {
        name  = "ALBUMS_NAME"
        value = "albums"
      }

      env {
        name  = "ALBUMS_USER"
        value = "app"
      }

      env {
        name  = "ALBUMS_SSLMODE"
        value = "require"
      }

      env {
        name  = "PHOTOS_BUCKET"
        value = google_storage_bucket.photos.name
      }

      env {
        name  = "PHOTOS_BUCKET_URL"
        value = "gs://${google_storage_bucket.photos.name}"
      }

      env {
        name = "ALBUMS_PASSWORD"

        value_source {
          secret_key_ref {
            secret  = google_secret_manager_secret.albums_password.secret_id
            version = google_secret_manager_secret_version.albums_password.version
          }
        }
      }
    }
  }

  # Must exist before the first instance starts.
  depends_on = [
    google_compute_firewall.https,
    google_compute_router_nat.main,
    google_compute_firewall.index_to_albums,
    time_sleep.grants,
    google_sql_database.albums,
    google_sql_user.albums,
    google_storage_bucket.photos,
  ]

  # Set by gcloud and the console when they change something.
  lifecycle {
    ignore_changes = [client, client_version]
  }
}

# Cloud Storage tells a topic of each new object, and the topic starts the function. What the function could not handle
# goes to the dead-letter topic. An alert policy reports it. It is kept there for 14 days.
resource "google_storage_notification" "index" {
  bucket         = google_storage_bucket.photos.name
  topic          = google_pubsub_topic.index_objects.id
  payload_format = "JSON_API_V1"
  event_types    = ["OBJECT_FINALIZE"]

  object_name_prefix = "thumbnails/"

  # Cloud Storage asks whether it may publish.
  depends_on = [time_sleep.index_trigger]
}

resource "google_pubsub_topic_iam_member" "index_objects_telling" {
  topic  = google_pubsub_topic.index_objects.id
  role   = "roles/pubsub.publisher"
  member = "serviceAccount:${data.google_storage_project_service_account.current.email_address}"
}

resource "google_pubsub_topic" "index_objects" {
  name         = "darkroom-staging-index-objects"
  kms_key_name = google_kms_crypto_key.main.id

  depends_on = [time_sleep.key]
}

resource "google_pubsub_subscription" "index_objects" {
  name                       = "darkroom-staging-index-objects"
  topic                      = google_pubsub_topic.index_objects.id
  ack_deadline_seconds       = 60
  message_retention_duration = "604800s"

  # Never expires. By default it is deleted after a month without a consumer.
  expiration_policy {
    ttl = ""
  }

  # Failed messages are delivered again with increasing delay.
  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.index_objects_dead_letter.id
    max_delivery_attempts = 5
  }

  # A message starts the function. Another answer than 2xx, or none within the deadline, means that it failed.
  push_config {
    push_endpoint = "${google_cloud_run_v2_service.index.uri}/events"

    oidc_token {
      service_account_email = google_service_account.index_trigger.email
      audience              = google_cloud_run_v2_service.index.uri
    }
  }

  # A call that is refused counts as a delivery.
  depends_on = [time_sleep.index_trigger]
}

resource "google_pubsub_topic" "index_objects_dead_letter" {
  name         = "darkroom-staging-index-objects-dead-letter"
  kms_key_name = google_kms_crypto_key.main.id

  depends_on = [time_sleep.key]
}

# A topic without a subscription keeps no messages.
resource "google_pubsub_subscription" "index_objects_dead_letter" {
  name                       = "darkroom-staging-index-objects-dead-letter"
  topic                      = google_pubsub_topic.index_objects_dead_letter.id
  message_retention_duration = "1209600s"

  expiration_policy {
    ttl = ""
  }
}

# Pub/Sub needs both permissions to move dead letters. Without them it fails silently.
resource "google_pubsub_subscription_iam_member" "index_objects_forwarding" {
  subscription = google_pubsub_subscription.index_objects.name
  role         = "roles/pubsub.subscriber"
  member       = "serviceAccount:service-${data.google_project.current.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}

resource "google_pubsub_topic_iam_member" "index_objects_dead_letter_forwarding" {
  topic  = google_pubsub_topic.index_objects_dead_letter.id
  role   = "roles/pubsub.publisher"
  member = "serviceAccount:service-${data.google_project.current.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}

# IAM changes take minutes to propagate. Until then a call is refused, and counts as a delivery. Another set of grants is
# another instance of this, so that it is waited for.
resource "time_sleep" "index_trigger" {
  for_each        = toset(["1d19fa18"])
  create_duration = "120s"

  depends_on = [
    google_cloud_run_v2_service_iam_member.index_trigger_index_invoker,
    google_pubsub_topic_iam_member.index_objects_telling,
  ]
}

resource "google_cloud_run_v2_service" "nightly" {
  name                = "darkroom-staging-nightly"
  location            = "europe-west1"
  deletion_protection = false

  # No route leads here. What starts it calls its address at run.app, and has roles/run.invoker.
  ingress = "INGRESS_TRAFFIC_INTERNAL_ONLY"

  template {
    service_account                  = google_service_account.nightly.email
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"
    max_instance_request_concurrency = 1
    timeout                          = "600s"

    scaling {
      min_instance_count = 0
      max_instance_count = 4
    }

    # All traffic leaves through the network. The firewall rules for these tags apply.
    vpc_access {
      egress = "ALL_TRAFFIC"

      network_interfaces {
        network    = google_compute_network.main.id
        subnetwork = google_compute_subnetwork.main.id
        tags       = ["darkroom-staging-nightly"]
      }
    }

    containers {
      image = var.images.nightly

      ports {
        container_port = 8080
      }

      resources {
        limits = {
          cpu    = "1"
          memory = "1Gi"
        }

        # CPU is allocated while a request is handled. At start there is more of it.
        cpu_idle          = true
        startup_cpu_boost = true
      }

      env {
        name  = "EVENT_SOURCE"
        value = "/schedules/nightly"
      }

      env {
        name  = "ALBUMS_HOST"
        value = google_sql_database_instance.albums.private_ip_address
      }

      env {
        name  = "ALBUMS_PORT"
        value = "5432"
      }

      env {
        name  = "ALBUMS_NAME"
        value = "albums"
      }

      env {
        name  = "ALBUMS_USER"
        value = "app"
      }

      env {
        name  = "ALBUMS_SSLMODE"
        value = "require"
      }

      env {
        name  = "PRINTS_QUEUE"
        value = google_pubsub_topic.prints.id
      }

      env {
        name = "ALBUMS_PASSWORD"

        value_source {
          secret_key_ref {
            secret  = google_secret_manager_secret.albums_password.secret_id
            version = google_secret_manager_secret_version.albums_password.version
          }
        }
      }
    }
  }

  # Must exist before the first instance starts.
  depends_on = [
    google_compute_firewall.https,
    google_compute_router_nat.main,
    google_compute_firewall.nightly_to_albums,
    time_sleep.grants,
    google_sql_database.albums,
    google_sql_user.albums,
    google_pubsub_subscription.prints,
  ]

  # Set by gcloud and the console when they change something.
  lifecycle {
    ignore_changes = [client, client_version]
  }
}

resource "google_cloud_scheduler_job" "nightly" {
  name             = "darkroom-staging-nightly"
  description      = "Starts nightly by the clock"
  region           = "europe-west1"
  schedule         = "0 2 * * *"
  time_zone        = "Europe/Berlin"
  attempt_deadline = "600s"

  # Repeats a run that failed.
  retry_config {
    retry_count = 1
  }

  # Scheduler tells the time in a header, and the image makes it the time and the id of the event.
  http_target {
    http_method = "POST"
    uri         = "${google_cloud_run_v2_service.nightly.uri}/events"
    body = base64encode(jsonencode({
      specversion = "1.0"
      type        = "schedule"
      source      = "/schedules/nightly"
    }))

    headers = {
      "Content-Type" = "application/json"
    }

    oidc_token {
      service_account_email = google_service_account.nightly_scheduler.email
      audience              = google_cloud_run_v2_service.nightly.uri
    }
  }

  # The first run is refused without the permission.
  depends_on = [time_sleep.nightly_trigger]
}

# IAM changes take minutes to propagate. Until then a call is refused, and counts as a delivery. Another set of grants is
# another instance of this, so that it is waited for.
resource "time_sleep" "nightly_trigger" {
  for_each        = toset(["3db843e4"])
  create_duration = "120s"

  depends_on = [google_cloud_run_v2_service_iam_member.nightly_scheduler_nightly_invoker]
}
