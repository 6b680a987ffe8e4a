# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Permissions. Each container has a service account of its own. It has the roles that the spec implies, on the resources
# that the spec names. Every grant is added to the existing policy and replaces nothing.

resource "google_service_account" "web" {
  account_id   = "press-staging-web"
  display_name = "press-staging web"
  description  = "Container web: what it may do"

  depends_on = [time_sleep.apis]
}

resource "google_project_iam_member" "web_project_log_writer" {
  project = "acme-press"
  role    = "roles/logging.logWriter"
  member  = google_service_account.web.member
}

resource "google_project_iam_member" "web_project_metric_writer" {
  project = "acme-press"
  role    = "roles/monitoring.metricWriter"
  member  = google_service_account.web.member
}

resource "google_artifact_registry_repository_iam_member" "web_images_reader" {
  project    = "acme-press"
  location   = "europe-west1"
  repository = "press-staging"
  role       = "roles/artifactregistry.reader"
  member     = google_service_account.web.member
}

resource "google_secret_manager_secret_iam_member" "web_articles_password_secret_accessor" {
  secret_id = google_secret_manager_secret.articles_password.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.web.member
}

resource "google_storage_bucket_iam_member" "web_images_object_viewer" {
  bucket = google_storage_bucket.images.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.web.member
}

resource "google_pubsub_topic_iam_member" "web_prints_publisher" {
  topic  = google_pubsub_topic.prints.id
  role   = "roles/pubsub.publisher"
  member = google_service_account.web.member
}

resource "google_secret_manager_secret_iam_member" "web_signing_key_secret_accessor" {
  secret_id = google_secret_manager_secret.signing_key.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.web.member
}

resource "google_service_account" "printer" {
  account_id   = "press-staging-printer"
  display_name = "press-staging printer"
  description  = "Container printer: what it may do"

  depends_on = [time_sleep.apis]
}

resource "google_project_iam_member" "printer_project_log_writer" {
  project = "acme-press"
  role    = "roles/logging.logWriter"
  member  = google_service_account.printer.member
}

resource "google_project_iam_member" "printer_project_metric_writer" {
  project = "acme-press"
  role    = "roles/monitoring.metricWriter"
  member  = google_service_account.printer.member
}

resource "google_artifact_registry_repository_iam_member" "printer_images_reader" {
  project    = "acme-press"
  location   = "europe-west1"
  repository = "press-staging"
  role       = "roles/artifactregistry.reader"
  member     = google_service_account.printer.member
}

resource "google_secret_manager_secret_iam_member" "printer_articles_password_secret_accessor" {
  secret_id = google_secret_manager_secret.articles_password.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.printer.member
}

resource "google_storage_bucket_iam_member" "printer_images_object_user" {
  bucket = google_storage_bucket.images.name
  role   = "roles/storage.objectUser"
  member = google_service_account.printer.member
}

resource "google_pubsub_subscription_iam_member" "printer_prints_subscriber" {
  subscription = google_pubsub_subscription.prints.name
  role         = "roles/pubsub.subscriber"
  member       = google_service_account.printer.member
}

resource "google_service_account" "nightly" {
  account_id   = "press-staging-nightly"
  display_name = "press-staging nightly"
  description  = "Container nightly: what it may do"

  depends_on = [time_sleep.apis]
}

resource "google_secret_manager_secret_iam_member" "nightly_articles_password_secret_accessor" {
  secret_id = google_secret_manager_secret.articles_password.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.nightly.member
}

resource "google_service_account" "nightly_scheduler" {
  account_id   = "press-staging-nightly-c5b5f879"
  display_name = "press-staging nightly-scheduler"
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
  for_each        = toset(["d7ebaca5"])
  create_duration = "120s"

  depends_on = [
    google_project_iam_member.web_project_log_writer,
    google_project_iam_member.web_project_metric_writer,
    google_artifact_registry_repository_iam_member.web_images_reader,
    google_secret_manager_secret_iam_member.web_articles_password_secret_accessor,
    google_storage_bucket_iam_member.web_images_object_viewer,
    google_pubsub_topic_iam_member.web_prints_publisher,
    google_secret_manager_secret_iam_member.web_signing_key_secret_accessor,
    google_project_iam_member.printer_project_log_writer,
    google_project_iam_member.printer_project_metric_writer,
    google_artifact_registry_repository_iam_member.printer_images_reader,
    google_secret_manager_secret_iam_member.printer_articles_password_secret_accessor,
    google_storage_bucket_iam_member.printer_images_object_user,
    google_pubsub_subscription_iam_member.printer_prints_subscriber,
    google_secret_manager_secret_iam_member.nightly_articles_password_secret_accessor,
  ]
}
