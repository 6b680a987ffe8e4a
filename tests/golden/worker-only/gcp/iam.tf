# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Permissions. Each container has a service account of its own. It has the roles that the spec implies, on the resources
# that the spec names. Every grant is added to the existing policy and replaces nothing.

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

# IAM changes take minutes to propagate. Until then a container cannot read its secrets. Another set of grants is
# another instance of this, so that it is waited for.
resource "time_sleep" "grants" {
  for_each        = toset(["b7fa1b7e"])
  create_duration = "120s"

  depends_on = [
    google_storage_bucket_iam_member.worker_pages_object_user,
    google_pubsub_subscription_iam_member.worker_seeds_subscriber,
  ]
}
