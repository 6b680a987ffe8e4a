# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Cloud Audit Logs of the project: what is recorded, and where it is kept.

# Google always records changes of the configuration and keeps them for 400 days. Reads of the configuration, and reads
# and writes of data, are recorded only if they are enabled. This replaces the setting for all services in the project.
# Settings for single services stay and add to it.
resource "google_project_iam_audit_config" "main" {
  project = "acme-shop"
  service = "allServices"

  audit_log_config {
    log_type = "ADMIN_READ"
  }

  audit_log_config {
    log_type = "DATA_READ"
  }

  audit_log_config {
    log_type = "DATA_WRITE"
  }

  # The bucket exists before anything is recorded.
  depends_on = [time_sleep.apis, google_logging_project_sink.main]
}

# Not locked: a lock can never be removed, and a locked bucket cannot be deleted before its last log expires.
resource "google_logging_project_bucket_config" "main" {
  project        = "acme-shop"
  location       = "europe-west1"
  bucket_id      = "portal-staging-audit"
  description    = "Audit logs of the whole project"
  retention_days = 365

  cmek_settings {
    kms_key_name = google_kms_crypto_key.main.id
  }

  # Kept in the state, so that it holds even after this block is removed.
  deletion_policy = "DELETE"

  depends_on = [time_sleep.key]
}

resource "google_logging_project_sink" "main" {
  name                   = "portal-staging-audit"
  description            = "Audit logs of the whole project"
  destination            = "logging.googleapis.com/${google_logging_project_bucket_config.main.id}"
  filter                 = "log_id(\"cloudaudit.googleapis.com/activity\") OR log_id(\"cloudaudit.googleapis.com/data_access\") OR log_id(\"cloudaudit.googleapis.com/system_event\") OR log_id(\"cloudaudit.googleapis.com/policy\")"
  unique_writer_identity = true
}

# Keeps the same logs out of the project's default bucket.
resource "google_logging_project_exclusion" "main" {
  name        = "portal-staging-audit"
  description = "Kept in the log bucket of the same name"
  filter      = "log_id(\"cloudaudit.googleapis.com/data_access\") OR log_id(\"cloudaudit.googleapis.com/policy\")"

  depends_on = [google_logging_project_sink.main]
}
