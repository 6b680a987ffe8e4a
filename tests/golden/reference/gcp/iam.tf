# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Permissions. Each container has a service account of its own. It has the roles that the spec implies, on the resources
# that the spec names. Every grant is added to the existing policy and replaces nothing.

resource "google_service_account" "web" {
  account_id   = "shop-prod-web"
  display_name = "shop-prod web"
  description  = "Container web: what it may do"

  depends_on = [time_sleep.apis]
}

resource "google_secret_manager_secret_iam_member" "web_orders_db_password_secret_accessor" {
  secret_id = google_secret_manager_secret.orders_db_password.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.web.member
}

resource "google_storage_bucket_iam_member" "web_assets_object_user" {
  bucket = google_storage_bucket.assets.name
  role   = "roles/storage.objectUser"
  member = google_service_account.web.member
}

resource "google_pubsub_topic_iam_member" "web_jobs_publisher" {
  topic  = google_pubsub_topic.jobs.id
  role   = "roles/pubsub.publisher"
  member = google_service_account.web.member
}

resource "google_secret_manager_secret_iam_member" "web_stripe_key_secret_accessor" {
  secret_id = google_secret_manager_secret.stripe_key.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.web.member
}

resource "google_service_account" "worker" {
  account_id   = "shop-prod-worker"
  display_name = "shop-prod worker"
  description  = "Container worker: what it may do"

  depends_on = [time_sleep.apis]
}

resource "google_secret_manager_secret_iam_member" "worker_orders_db_password_secret_accessor" {
  secret_id = google_secret_manager_secret.orders_db_password.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.worker.member
}

resource "google_pubsub_subscription_iam_member" "worker_jobs_subscriber" {
  subscription = google_pubsub_subscription.jobs.name
  role         = "roles/pubsub.subscriber"
  member       = google_service_account.worker.member
}

resource "google_service_account" "nightly" {
  account_id   = "shop-prod-nightly"
  display_name = "shop-prod nightly"
  description  = "Container nightly: what it may do"

  depends_on = [time_sleep.apis]
}

resource "google_secret_manager_secret_iam_member" "nightly_orders_db_password_secret_accessor" {
  secret_id = google_secret_manager_secret.orders_db_password.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.nightly.member
}

resource "google_storage_bucket_iam_member" "nightly_assets_object_viewer" {
  bucket = google_storage_bucket.assets.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.nightly.member
}

resource "google_service_account" "nightly_scheduler" {
  account_id   = "shop-prod-nightly-scheduler"
  display_name = "shop-prod nightly-scheduler"
  description  = "Starts nightly by the clock"

  depends_on = [time_sleep.apis]
}

resource "google_cloud_run_v2_job_iam_member" "nightly_scheduler_nightly_invoker" {
  name     = google_cloud_run_v2_job.nightly.id
  location = google_cloud_run_v2_job.nightly.location
  role     = "roles/run.invoker"
  member   = google_service_account.nightly_scheduler.member
}

# IAM changes take minutes to propagate. Until then a container cannot read its secrets. Another set of grants is
# another instance of this, so that it is waited for.
resource "time_sleep" "grants" {
  for_each        = toset(["a4a7fdf4"])
  create_duration = "120s"

  depends_on = [
    google_secret_manager_secret_iam_member.web_orders_db_password_secret_accessor,
    google_storage_bucket_iam_member.web_assets_object_user,
    google_pubsub_topic_iam_member.web_jobs_publisher,
    google_secret_manager_secret_iam_member.web_stripe_key_secret_accessor,
    google_secret_manager_secret_iam_member.worker_orders_db_password_secret_accessor,
    google_pubsub_subscription_iam_member.worker_jobs_subscriber,
    google_secret_manager_secret_iam_member.nightly_orders_db_password_secret_accessor,
    google_storage_bucket_iam_member.nightly_assets_object_viewer,
  ]
}
