# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Permissions. Each container has a service account of its own. It has the roles that the spec implies, on the resources
# that the spec names. Every grant is added to the existing policy and replaces nothing.

resource "google_service_account" "web" {
  account_id   = "darkroom-staging-web"
  display_name = "darkroom-staging web"
  description  = "Container web: what it may do"

  depends_on = [time_sleep.apis]
}

resource "google_secret_manager_secret_iam_member" "web_albums_password_secret_accessor" {
  secret_id = google_secret_manager_secret.albums_password.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.web.member
}

resource "google_storage_bucket_iam_member" "web_photos_object_viewer" {
  bucket = google_storage_bucket.photos.name
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
  account_id   = "darkroom-staging-printer"
  display_name = "darkroom-staging printer"
  description  = "Container printer: what it may do"

  depends_on = [time_sleep.apis]
}

resource "google_secret_manager_secret_iam_member" "printer_printer_token_secret_accessor" {
  secret_id = google_secret_manager_secret.printer_token.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.printer.member
}

resource "google_service_account" "thumbnails" {
  account_id   = "darkroom-staging-thumbnails"
  display_name = "darkroom-staging thumbnails"
  description  = "Container thumbnails: what it may do"

  depends_on = [time_sleep.apis]
}

resource "google_storage_bucket_iam_member" "thumbnails_photos_object_user" {
  bucket = google_storage_bucket.photos.name
  role   = "roles/storage.objectUser"
  member = google_service_account.thumbnails.member
}

resource "google_storage_bucket_iam_member" "thumbnails_photos_object_viewer" {
  bucket = google_storage_bucket.photos.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.thumbnails.member
}

resource "google_service_account" "index" {
  account_id   = "darkroom-staging-index"
  display_name = "darkroom-staging index"
  description  = "Container index: what it may do"

  depends_on = [time_sleep.apis]
}

resource "google_secret_manager_secret_iam_member" "index_albums_password_secret_accessor" {
  secret_id = google_secret_manager_secret.albums_password.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.index.member
}

resource "google_storage_bucket_iam_member" "index_photos_object_viewer" {
  bucket = google_storage_bucket.photos.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.index.member
}

resource "google_service_account" "nightly" {
  account_id   = "darkroom-staging-nightly"
  display_name = "darkroom-staging nightly"
  description  = "Container nightly: what it may do"

  depends_on = [time_sleep.apis]
}

resource "google_secret_manager_secret_iam_member" "nightly_albums_password_secret_accessor" {
  secret_id = google_secret_manager_secret.albums_password.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.nightly.member
}

resource "google_pubsub_topic_iam_member" "nightly_prints_publisher" {
  topic  = google_pubsub_topic.prints.id
  role   = "roles/pubsub.publisher"
  member = google_service_account.nightly.member
}

resource "google_service_account" "printer_trigger" {
  account_id   = "darkroom-staging-prin-5343d4b5"
  display_name = "darkroom-staging printer-trigger"
  description  = "Starts printer on events"

  depends_on = [time_sleep.apis]
}

resource "google_cloud_run_v2_service_iam_member" "printer_trigger_printer_invoker" {
  name     = google_cloud_run_v2_service.printer.id
  location = google_cloud_run_v2_service.printer.location
  role     = "roles/run.invoker"
  member   = google_service_account.printer_trigger.member
}

resource "google_service_account" "thumbnails_trigger" {
  account_id   = "darkroom-staging-thum-2b8eccfb"
  display_name = "darkroom-staging thumbnails-trigger"
  description  = "Starts thumbnails on events"

  depends_on = [time_sleep.apis]
}

resource "google_cloud_run_v2_service_iam_member" "thumbnails_trigger_thumbnails_invoker" {
  name     = google_cloud_run_v2_service.thumbnails.id
  location = google_cloud_run_v2_service.thumbnails.location
  role     = "roles/run.invoker"
  member   = google_service_account.thumbnails_trigger.member
}

resource "google_service_account" "index_trigger" {
  account_id   = "darkroom-staging-index-trigger"
  display_name = "darkroom-staging index-trigger"
  description  = "Starts index on events"

  depends_on = [time_sleep.apis]
}

resource "google_cloud_run_v2_service_iam_member" "index_trigger_index_invoker" {
  name     = google_cloud_run_v2_service.index.id
  location = google_cloud_run_v2_service.index.location
  role     = "roles/run.invoker"
  member   = google_service_account.index_trigger.member
}

resource "google_service_account" "nightly_scheduler" {
  account_id   = "darkroom-staging-nigh-3312cba7"
  display_name = "darkroom-staging nightly-scheduler"
  description  = "Starts nightly by the clock"

  depends_on = [time_sleep.apis]
}

resource "google_cloud_run_v2_service_iam_member" "nightly_scheduler_nightly_invoker" {
  name     = google_cloud_run_v2_service.nightly.id
  location = google_cloud_run_v2_service.nightly.location
  role     = "roles/run.invoker"
  member   = google_service_account.nightly_scheduler.member
}

# IAM changes take minutes to propagate. Until then a container cannot read its secrets. Another set of grants is
# another instance of this, so that it is waited for.
resource "time_sleep" "grants" {
  for_each        = toset(["651e7f0e"])
  create_duration = "120s"

  depends_on = [
    google_secret_manager_secret_iam_member.web_albums_password_secret_accessor,
    google_storage_bucket_iam_member.web_photos_object_viewer,
    google_pubsub_topic_iam_member.web_prints_publisher,
    google_secret_manager_secret_iam_member.web_signing_key_secret_accessor,
    google_secret_manager_secret_iam_member.printer_printer_token_secret_accessor,
    google_storage_bucket_iam_member.thumbnails_photos_object_user,
    google_storage_bucket_iam_member.thumbnails_photos_object_viewer,
    google_secret_manager_secret_iam_member.index_albums_password_secret_accessor,
    google_storage_bucket_iam_member.index_photos_object_viewer,
    google_secret_manager_secret_iam_member.nightly_albums_password_secret_accessor,
    google_pubsub_topic_iam_member.nightly_prints_publisher,
  ]
}
