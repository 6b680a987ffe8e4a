# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Permissions. Each container has a service account of its own. It has the roles that the spec implies, on the resources
# that the spec names. Every grant is added to the existing policy and replaces nothing.

resource "google_service_account" "web" {
  account_id   = "desk-dev-web"
  display_name = "desk-dev web"
  description  = "Container web: what it may do"

  depends_on = [time_sleep.apis]
}

resource "google_secret_manager_secret_iam_member" "web_tickets_password_secret_accessor" {
  secret_id = google_secret_manager_secret.tickets_password.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.web.member
}

resource "google_storage_bucket_iam_member" "web_uploads_object_user" {
  bucket = google_storage_bucket.uploads.name
  role   = "roles/storage.objectUser"
  member = google_service_account.web.member
}

resource "google_pubsub_topic_iam_member" "web_inbox_publisher" {
  topic  = google_pubsub_topic.inbox.id
  role   = "roles/pubsub.publisher"
  member = google_service_account.web.member
}

# IAM changes take minutes to propagate. Until then a container cannot read its secrets. Another set of grants is
# another instance of this, so that it is waited for.
resource "time_sleep" "grants" {
  for_each        = toset(["f19f6105"])
  create_duration = "120s"

  depends_on = [
    google_secret_manager_secret_iam_member.web_tickets_password_secret_accessor,
    google_storage_bucket_iam_member.web_uploads_object_user,
    google_pubsub_topic_iam_member.web_inbox_publisher,
  ]
}
