# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Queues: a topic takes messages, and its subscription delivers them. A message that fails too often goes to the
# dead-letter topic. An alert policy reports it. It is kept there for 14 days.

resource "google_pubsub_topic" "prints" {
  name         = "darkroom-staging-prints"
  kms_key_name = google_kms_crypto_key.main.id

  depends_on = [time_sleep.key]
}

resource "google_pubsub_subscription" "prints" {
  name                       = "darkroom-staging-prints"
  topic                      = google_pubsub_topic.prints.id
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
    dead_letter_topic     = google_pubsub_topic.prints_dead_letter.id
    max_delivery_attempts = 5
  }

  # A message starts the function. Another answer than 2xx, or none within the deadline, means that it failed.
  push_config {
    push_endpoint = "${google_cloud_run_v2_service.printer.uri}/events"

    oidc_token {
      service_account_email = google_service_account.printer_trigger.email
      audience              = google_cloud_run_v2_service.printer.uri
    }
  }

  # A call that is refused counts as a delivery.
  depends_on = [time_sleep.printer_trigger]
}

resource "google_pubsub_topic" "prints_dead_letter" {
  name         = "darkroom-staging-prints-dead-letter"
  kms_key_name = google_kms_crypto_key.main.id

  depends_on = [time_sleep.key]
}

# A topic without a subscription keeps no messages.
resource "google_pubsub_subscription" "prints_dead_letter" {
  name                       = "darkroom-staging-prints-dead-letter"
  topic                      = google_pubsub_topic.prints_dead_letter.id
  message_retention_duration = "1209600s"

  expiration_policy {
    ttl = ""
  }
}

# Pub/Sub needs both permissions to move dead letters. Without them it fails silently.
resource "google_pubsub_subscription_iam_member" "prints_forwarding" {
  subscription = google_pubsub_subscription.prints.name
  role         = "roles/pubsub.subscriber"
  member       = "serviceAccount:service-${data.google_project.current.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}

resource "google_pubsub_topic_iam_member" "prints_dead_letter_forwarding" {
  topic  = google_pubsub_topic.prints_dead_letter.id
  role   = "roles/pubsub.publisher"
  member = "serviceAccount:service-${data.google_project.current.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}
