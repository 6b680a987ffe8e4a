# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Permissions. Each container has a service account of its own. It has the roles that the spec implies, on the resources
# that the spec names. Every grant is added to the existing policy and replaces nothing.

resource "google_service_account" "web" {
  account_id   = "library-prod-web"
  display_name = "library-prod web"
  description  = "Container web: what it may do"

  depends_on = [time_sleep.apis]
}

resource "google_secret_manager_secret_iam_member" "web_books_password_secret_accessor" {
  secret_id = google_secret_manager_secret.books_password.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.web.member
}

resource "google_storage_bucket_iam_member" "web_web_app_covers_object_user" {
  bucket = google_storage_bucket.web_app_covers.name
  role   = "roles/storage.objectUser"
  member = google_service_account.web.member
}

resource "google_service_account" "converter" {
  account_id   = "library-prod-converter"
  display_name = "library-prod converter"
  description  = "Container converter: what it may do"

  depends_on = [time_sleep.apis]
}

# IAM changes take minutes to propagate. Until then a container cannot read its secrets. Another set of grants is
# another instance of this, so that it is waited for.
resource "time_sleep" "grants" {
  for_each        = toset(["5e4bce4e"])
  create_duration = "120s"

  depends_on = [
    google_secret_manager_secret_iam_member.web_books_password_secret_accessor,
    google_storage_bucket_iam_member.web_web_app_covers_object_user,
  ]
}
