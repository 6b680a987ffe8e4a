# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Who may do what. Each container runs as a service account of its own, which has exactly the permissions that the
# spec implies, on exactly the resources it names. Every grant is added to what others have granted, and replaces nothing.

resource "google_service_account" "worker" {
  account_id   = "crawler-prod-worker"
  display_name = "crawler-prod worker"
  description  = "Container worker: what it may do"

  depends_on = [time_sleep.apis]
}

resource "google_storage_bucket_iam_member" "worker_pages_object_user" {
  bucket = google_storage_bucket.pages.name
  role   = "roles/storage.objectUser"
  member = google_service_account.worker.member
}

resource "google_pubsub_subscription_iam_member" "worker_seeds_subscriber" {
  subscription = google_pubsub_subscription.seeds.name
  role         = "roles/pubsub.subscriber"
  member       = google_service_account.worker.member
}

# A permission takes minutes to be known everywhere: a container that starts earlier is refused its secrets.
resource "time_sleep" "grants" {
  create_duration = "120s"

  triggers = {
    grants = "worker_pages_object_user,worker_seeds_subscriber"
  }

  depends_on = [
    google_storage_bucket_iam_member.worker_pages_object_user,
    google_pubsub_subscription_iam_member.worker_seeds_subscriber,
  ]
}
