# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Permissions. Each container has a service account of its own. It has the roles that the spec implies, on the resources
# that the spec names. Every grant is added to the existing policy and replaces nothing.

resource "google_service_account" "site" {
  account_id   = "portal-staging-site"
  display_name = "portal-staging site"
  description  = "Container site: what it may do"

  depends_on = [time_sleep.apis]
}

resource "google_storage_bucket_iam_member" "site_uploads_object_viewer" {
  bucket = google_storage_bucket.uploads.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.site.member
}

resource "google_secret_manager_secret_iam_member" "site_portal_db_password_secret_accessor" {
  secret_id = google_secret_manager_secret.portal_db_password.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.site.member
}

resource "google_service_account" "api" {
  account_id   = "portal-staging-api"
  display_name = "portal-staging api"
  description  = "Container api: what it may do"

  depends_on = [time_sleep.apis]
}

resource "google_storage_bucket_iam_member" "api_uploads_object_user" {
  bucket = google_storage_bucket.uploads.name
  role   = "roles/storage.objectUser"
  member = google_service_account.api.member
}

resource "google_secret_manager_secret_iam_member" "api_portal_db_password_secret_accessor" {
  secret_id = google_secret_manager_secret.portal_db_password.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.api.member
}

resource "google_secret_manager_secret_iam_member" "api_signing_key_secret_accessor" {
  secret_id = google_secret_manager_secret.signing_key.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.api.member
}

# IAM changes take minutes to propagate. Until then a container cannot read its secrets. Another set of grants is
# another instance of this, so that it is waited for.
resource "time_sleep" "grants" {
  for_each        = toset(["7769f4a5"])
  create_duration = "120s"

  depends_on = [
    google_storage_bucket_iam_member.site_uploads_object_viewer,
    google_secret_manager_secret_iam_member.site_portal_db_password_secret_accessor,
    google_storage_bucket_iam_member.api_uploads_object_user,
    google_secret_manager_secret_iam_member.api_portal_db_password_secret_accessor,
    google_secret_manager_secret_iam_member.api_signing_key_secret_accessor,
  ]
}
