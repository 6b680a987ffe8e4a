# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Containers that run all the time: a Cloud Run service if it has a port, else a worker pool.
# They hold no data, so Terraform may always delete them.

resource "google_cloud_run_v2_service" "site" {
  name                = "media-prod-site"
  location            = "us-central1"
  deletion_protection = false

  # Only the load balancer reaches this service. Cloud Run asks its requests for no credentials.
  ingress              = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
  default_uri_disabled = true
  invoker_iam_disabled = true

  template {
    service_account                  = google_service_account.site.email
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"
    max_instance_request_concurrency = 250
    timeout                          = "300s"

    scaling {
      min_instance_count = 0
      max_instance_count = 40
    }

    # All traffic leaves through the network. The firewall rules for these tags apply.
    vpc_access {
      egress = "ALL_TRAFFIC"

      network_interfaces {
        network    = google_compute_network.main.id
        subnetwork = google_compute_subnetwork.main.id
        tags       = ["media-prod-site"]
      }
    }

    containers {
      image = var.images.site

      ports {
        container_port = 8080
      }

      resources {
        limits = {
          cpu    = "1"
          memory = "512Mi"
        }

        # CPU is allocated between requests, too. At start there is more of it.
        cpu_idle          = false
        startup_cpu_boost = true
      }

      env {
        name  = "FORWARDED_ALLOW_IPS"
        value = "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,169.254.0.0/16,35.191.0.0/16,130.211.0.0/22,${google_compute_global_address.load_balancer.address}"
      }

      env {
        name  = "CACHE_HOST"
        value = local.cache_host
      }

      env {
        name  = "CACHE_PORT"
        value = "6379"
      }

      env {
        name  = "CACHE_TLS"
        value = "false"
      }

      env {
        name  = "JOBS_QUEUE"
        value = google_pubsub_topic.jobs.id
      }

      # Requests are sent once this check succeeds.
      startup_probe {
        timeout_seconds   = 5
        period_seconds    = 6
        failure_threshold = 30

        http_get {
          path = "/healthz"
        }
      }

      # An instance that stops answering is restarted.
      liveness_probe {
        timeout_seconds   = 5
        period_seconds    = 15
        failure_threshold = 3

        http_get {
          path = "/healthz"
        }
      }
    }
  }

  # Must exist before the first instance starts.
  depends_on = [
    google_compute_firewall.https,
    google_compute_firewall.site_to_cache,
    time_sleep.grants,
    google_pubsub_subscription.jobs,
    google_memorystore_instance.cache,
  ]

  # Set by gcloud and the console when they change something.
  lifecycle {
    ignore_changes = [client, client_version]
  }
}

resource "google_cloud_run_v2_worker_pool" "encoder" {
  name                = "media-prod-encoder"
  location            = "us-central1"
  deletion_protection = false

  scaling {
    scaling_mode          = "MANUAL"
    manual_instance_count = 2
  }

  template {
    service_account = google_service_account.encoder.email

    # All traffic leaves through the network. The firewall rules for these tags apply.
    vpc_access {
      egress = "ALL_TRAFFIC"

      network_interfaces {
        network    = google_compute_network.main.id
        subnetwork = google_compute_subnetwork.main.id
        tags       = ["media-prod-encoder"]
      }
    }

    containers {
      image = var.images.site
      args  = ["python", "-m", "media.encoder"]

      resources {
        limits = {
          cpu    = "4"
          memory = "3Gi"
        }
      }

      env {
        name  = "FILMS_BUCKET"
        value = google_storage_bucket.films.name
      }

      env {
        name  = "FILMS_BUCKET_URL"
        value = "gs://${google_storage_bucket.films.name}"
      }

      env {
        name  = "JOBS_QUEUE"
        value = google_pubsub_subscription.jobs.id
      }
    }
  }

  # Must exist before the first instance starts.
  depends_on = [
    google_compute_firewall.https,
    time_sleep.grants,
    google_pubsub_subscription.jobs,
    google_storage_bucket.films,
  ]

  # Set by gcloud and the console when they change something.
  lifecycle {
    ignore_changes = [client, client_version]
  }
}

resource "google_cloud_run_v2_service" "posters" {
  name                = "media-prod-posters"
  location            = "us-central1"
  deletion_protection = false

  # No route leads here. What starts it calls its address at run.app, and has roles/run.invoker.
  ingress = "INGRESS_TRAFFIC_INTERNAL_ONLY"

  template {
    service_account                  = google_service_account.posters.email
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"
    max_instance_request_concurrency = 4
    timeout                          = "300s"

    scaling {
      min_instance_count = 1
      max_instance_count = 6
    }

    # All traffic leaves through the network. The firewall rules for these tags apply.
    vpc_access {
      egress = "ALL_TRAFFIC"

      network_interfaces {
        network    = google_compute_network.main.id
        subnetwork = google_compute_subnetwork.main.id
        tags       = ["media-prod-posters"]
      }
    }

    containers {
      image = var.images.posters

      ports {
        container_port = 8080
      }

      resources {
        limits = {
          cpu    = "4"
          memory = "3Gi"
        }

        # CPU is allocated between requests, too. At start there is more of it.
        cpu_idle          = false
        startup_cpu_boost = true
      }

      env {
        name  = "EVENT_SOURCE"
        value = "/buckets/films"
      }

      env {
        name  = "FILMS_BUCKET"
        value = google_storage_bucket.films.name
      }

      env {
        name  = "FILMS_BUCKET_URL"
        value = "gs://${google_storage_bucket.films.name}"
      }
    }
  }

  # Must exist before the first instance starts.
  depends_on = [google_compute_firewall.https, time_sleep.grants, google_storage_bucket.films]

  # Set by gcloud and the console when they change something.
  lifecycle {
    ignore_changes = [client, client_version]
  }
}

# Cloud Storage tells a topic of each new object, and the topic starts the function. What the function could not handle
# goes to the dead-letter topic. An alert policy reports it. It is kept there for 14 days.
resource "google_storage_notification" "posters" {
  bucket         = google_storage_bucket.films.name
  topic          = google_pubsub_topic.posters_objects.id
  payload_format = "JSON_API_V1"
  event_types    = ["OBJECT_FINALIZE"]

  object_name_prefix = "uploads/"

  # Cloud Storage asks whether it may publish.
  depends_on = [time_sleep.posters_trigger]
}

resource "google_pubsub_topic_iam_member" "posters_objects_telling" {
  topic  = google_pubsub_topic.posters_objects.id
  role   = "roles/pubsub.publisher"
  member = "serviceAccount:${data.google_storage_project_service_account.current.email_address}"
}

resource "google_pubsub_topic" "posters_objects" {
  name         = "media-prod-posters-objects"
  kms_key_name = google_kms_crypto_key.main.id

  depends_on = [time_sleep.key]
}

resource "google_pubsub_subscription" "posters_objects" {
  name                       = "media-prod-posters-objects"
  topic                      = google_pubsub_topic.posters_objects.id
  ack_deadline_seconds       = 300
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
    dead_letter_topic     = google_pubsub_topic.posters_objects_dead_letter.id
    max_delivery_attempts = 5
  }

  # A message starts the function. Another answer than 2xx, or none within the deadline, means that it failed.
  push_config {
    push_endpoint = "${google_cloud_run_v2_service.posters.uri}/events"

    oidc_token {
      service_account_email = google_service_account.posters_trigger.email
      audience              = google_cloud_run_v2_service.posters.uri
    }
  }

  # A call that is refused counts as a delivery.
  depends_on = [time_sleep.posters_trigger]
}

resource "google_pubsub_topic" "posters_objects_dead_letter" {
  name         = "media-prod-posters-objects-dead-letter"
  kms_key_name = google_kms_crypto_key.main.id

  depends_on = [time_sleep.key]
}

# A topic without a subscription keeps no messages.
resource "google_pubsub_subscription" "posters_objects_dead_letter" {
  name                       = "media-prod-posters-objects-dead-letter"
  topic                      = google_pubsub_topic.posters_objects_dead_letter.id
  message_retention_duration = "1209600s"

  expiration_policy {
    ttl = ""
  }
}

# Pub/Sub needs both permissions to move dead letters. Without them it fails silently.
resource "google_pubsub_subscription_iam_member" "posters_objects_forwarding" {
  subscription = google_pubsub_subscription.posters_objects.name
  role         = "roles/pubsub.subscriber"
  member       = "serviceAccount:service-${data.google_project.current.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}

resource "google_pubsub_topic_iam_member" "posters_objects_dead_letter_forwarding" {
  topic  = google_pubsub_topic.posters_objects_dead_letter.id
  role   = "roles/pubsub.publisher"
  member = "serviceAccount:service-${data.google_project.current.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}

# IAM changes take minutes to propagate. Until then a call is refused, and counts as a delivery. Another set of grants is
# another instance of this, so that it is waited for.
resource "time_sleep" "posters_trigger" {
  for_each        = toset(["ae52190b"])
  create_duration = "120s"

  depends_on = [
    google_cloud_run_v2_service_iam_member.posters_trigger_posters_invoker,
    google_pubsub_topic_iam_member.posters_objects_telling,
  ]
}

# Runs when somebody asks for a command of this container: ./deploy.sh run. It costs nothing until then.
resource "google_cloud_run_v2_job" "site_run" {
  name                = "media-prod-site-run"
  location            = "us-central1"
  deletion_protection = false

  template {
    template {
      service_account = google_service_account.site.email
      timeout         = "3600s"

      # A command that failed half way is not repeated by itself: somebody looks at its log first.
      max_retries = 0

      # All traffic leaves through the network. The firewall rules for these tags apply.
      vpc_access {
        egress = "ALL_TRAFFIC"

        network_interfaces {
          network    = google_compute_network.main.id
          subnetwork = google_compute_subnetwork.main.id
          tags       = ["media-prod-site"]
        }
      }

      containers {
        image = var.images.site
        args  = ["true"]

        resources {
          limits = {
            cpu    = "1"
            memory = "512Mi"
          }
        }

        env {
          name  = "FORWARDED_ALLOW_IPS"
          value = "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,169.254.0.0/16,35.191.0.0/16,130.211.0.0/22,${google_compute_global_address.load_balancer.address}"
        }

        env {
          name  = "CACHE_HOST"
          value = local.cache_host
        }

        env {
          name  = "CACHE_PORT"
          value = "6379"
        }

        env {
          name  = "CACHE_TLS"
          value = "false"
        }

        env {
          name  = "JOBS_QUEUE"
          value = google_pubsub_topic.jobs.id
        }
      }
    }
  }

  # Must exist before the command runs.
  depends_on = [
    google_compute_firewall.https,
    google_compute_firewall.site_to_cache,
    time_sleep.grants,
    google_pubsub_subscription.jobs,
    google_memorystore_instance.cache,
  ]

  # gcloud and the console leave their names here.
  lifecycle {
    ignore_changes = [client, client_version]
  }
}

# Runs when somebody asks for a command of this container: ./deploy.sh run. It costs nothing until then.
resource "google_cloud_run_v2_job" "encoder_run" {
  name                = "media-prod-encoder-run"
  location            = "us-central1"
  deletion_protection = false

  template {
    template {
      service_account = google_service_account.encoder.email
      timeout         = "3600s"

      # A command that failed half way is not repeated by itself: somebody looks at its log first.
      max_retries = 0

      # All traffic leaves through the network. The firewall rules for these tags apply.
      vpc_access {
        egress = "ALL_TRAFFIC"

        network_interfaces {
          network    = google_compute_network.main.id
          subnetwork = google_compute_subnetwork.main.id
          tags       = ["media-prod-encoder"]
        }
      }

      containers {
        image = var.images.site
        args  = ["true"]

        resources {
          limits = {
            cpu    = "4"
            memory = "3Gi"
          }
        }

        env {
          name  = "FILMS_BUCKET"
          value = google_storage_bucket.films.name
        }

        env {
          name  = "FILMS_BUCKET_URL"
          value = "gs://${google_storage_bucket.films.name}"
        }

        env {
          name  = "JOBS_QUEUE"
          value = google_pubsub_subscription.jobs.id
        }
      }
    }
  }

  # Must exist before the command runs.
  depends_on = [
    google_compute_firewall.https,
    time_sleep.grants,
    google_pubsub_subscription.jobs,
    google_storage_bucket.films,
  ]

  # gcloud and the console leave their names here.
  lifecycle {
    ignore_changes = [client, client_version]
  }
}

# Runs when somebody asks for a command of this container: ./deploy.sh run. It costs nothing until then.
resource "google_cloud_run_v2_job" "posters_run" {
  name                = "media-prod-posters-run"
  location            = "us-central1"
  deletion_protection = false

  template {
    template {
      service_account = google_service_account.posters.email
      timeout         = "3600s"

      # A command that failed half way is not repeated by itself: somebody looks at its log first.
      max_retries = 0

      # All traffic leaves through the network. The firewall rules for these tags apply.
      vpc_access {
        egress = "ALL_TRAFFIC"

        network_interfaces {
          network    = google_compute_network.main.id
          subnetwork = google_compute_subnetwork.main.id
          tags       = ["media-prod-posters"]
        }
      }

      containers {
        image = var.images.posters
        args  = ["true"]

        resources {
          limits = {
            cpu    = "4"
            memory = "3Gi"
          }
        }

        env {
          name  = "EVENT_SOURCE"
          value = "/buckets/films"
        }

        env {
          name  = "FILMS_BUCKET"
          value = google_storage_bucket.films.name
        }

        env {
          name  = "FILMS_BUCKET_URL"
          value = "gs://${google_storage_bucket.films.name}"
        }
      }
    }
  }

  # Must exist before the command runs.
  depends_on = [google_compute_firewall.https, time_sleep.grants, google_storage_bucket.films]

  # gcloud and the console leave their names here.
  lifecycle {
    ignore_changes = [client, client_version]
  }
}
