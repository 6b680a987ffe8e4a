# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Who may do what. Each container runs as a service account of its own, which has exactly the permissions that the
# spec implies, on exactly the resources it names. Every grant is added to what others have granted, and replaces nothing.

resource "google_service_account" "web" {
  account_id   = "status-staging-web"
  display_name = "status-staging web"
  description  = "Container web: what it may do"

  depends_on = [time_sleep.apis]
}

resource "google_secret_manager_secret_iam_member" "web_notes_password_secret_accessor" {
  secret_id = google_secret_manager_secret.notes_password.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.web.member
}

resource "google_storage_bucket_iam_member" "web_reports_object_viewer" {
  bucket = google_storage_bucket.reports.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.web.member
}

# A permission takes minutes to be known everywhere: a container that starts earlier is refused its secrets.
resource "time_sleep" "grants" {
  create_duration = "120s"

  triggers = {
    grants = "web_notes_password_secret_accessor,web_reports_object_viewer"
  }

  depends_on = [
    google_secret_manager_secret_iam_member.web_notes_password_secret_accessor,
    google_storage_bucket_iam_member.web_reports_object_viewer,
  ]
}
