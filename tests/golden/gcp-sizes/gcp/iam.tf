# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Permissions. Each container has a service account of its own. It has the roles that the spec implies, on the resources
# that the spec names. Every grant is added to the existing policy and replaces nothing.

resource "google_service_account" "site" {
  account_id   = "media-prod-site"
  display_name = "media-prod site"
  description  = "Container site: what it may do"

  depends_on = [time_sleep.apis]
}

resource "google_pubsub_topic_iam_member" "site_jobs_publisher" {
  topic  = google_pubsub_topic.jobs.id
  role   = "roles/pubsub.publisher"
  member = google_service_account.site.member
}

resource "google_service_account" "encoder" {
  account_id   = "media-prod-encoder"
  display_name = "media-prod encoder"
  description  = "Container encoder: what it may do"

  depends_on = [time_sleep.apis]
}

resource "google_pubsub_subscription_iam_member" "encoder_jobs_subscriber" {
  subscription = google_pubsub_subscription.jobs.name
  role         = "roles/pubsub.subscriber"
  member       = google_service_account.encoder.member
}

resource "google_storage_bucket_iam_member" "encoder_films_object_user" {
  bucket = google_storage_bucket.films.name
  role   = "roles/storage.objectUser"
  member = google_service_account.encoder.member
}

resource "google_service_account" "posters" {
  account_id   = "media-prod-posters"
  display_name = "media-prod posters"
  description  = "Container posters: what it may do"

  depends_on = [time_sleep.apis]
}

resource "google_storage_bucket_iam_member" "posters_films_object_viewer" {
  bucket = google_storage_bucket.films.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.posters.member
}

resource "google_service_account" "report" {
  account_id   = "media-prod-report"
  display_name = "media-prod report"
  description  = "Container report: what it may do"

  depends_on = [time_sleep.apis]
}

resource "google_storage_bucket_iam_member" "report_films_object_viewer" {
  bucket = google_storage_bucket.films.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.report.member
}

resource "google_service_account" "posters_trigger" {
  account_id   = "media-prod-posters-trigger"
  display_name = "media-prod posters-trigger"
  description  = "Starts posters on events"

  depends_on = [time_sleep.apis]
}

resource "google_cloud_run_v2_service_iam_member" "posters_trigger_posters_invoker" {
  name     = google_cloud_run_v2_service.posters.id
  location = google_cloud_run_v2_service.posters.location
  role     = "roles/run.invoker"
  member   = google_service_account.posters_trigger.member
}

resource "google_service_account" "report_scheduler" {
  account_id   = "media-prod-report-scheduler"
  display_name = "media-prod report-scheduler"
  description  = "Starts report by the clock"

  depends_on = [time_sleep.apis]
}

resource "google_cloud_run_v2_job_iam_member" "report_scheduler_report_invoker" {
  name     = google_cloud_run_v2_job.report.id
  location = google_cloud_run_v2_job.report.location
  role     = "roles/run.invoker"
  member   = google_service_account.report_scheduler.member
}

# IAM changes take minutes to propagate. Until then a container cannot read its secrets. Another set of grants is
# another instance of this, so that it is waited for.
resource "time_sleep" "grants" {
  for_each        = toset(["b3b11c71"])
  create_duration = "120s"

  depends_on = [
    google_pubsub_topic_iam_member.site_jobs_publisher,
    google_pubsub_subscription_iam_member.encoder_jobs_subscriber,
    google_storage_bucket_iam_member.encoder_films_object_user,
    google_storage_bucket_iam_member.posters_films_object_viewer,
    google_storage_bucket_iam_member.report_films_object_viewer,
  ]
}
