# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Who did what in the project: what is recorded, and where the record is kept.

# Google records every change of the project in any case, and keeps that for 400 days. Reads of configuration, and
# reads and writes of data, are recorded only where somebody says so. This replaces what the project says of all
# services; what it says of single ones stays, and adds to it.
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

  # Nothing is recorded before it has its place.
  depends_on = [time_sleep.apis, google_logging_project_sink.main]
}

# Not locked: a lock can never be taken off again, and nobody can delete the bucket before its last log has gone.
resource "google_logging_project_bucket_config" "main" {
  project        = "acme-shop"
  location       = "europe-west1"
  bucket_id      = "portal-staging-audit"
  description    = "Audit logs of the whole project"
  retention_days = 365

  cmek_settings {
    kms_key_name = google_kms_crypto_key.main.id
  }

  # Kept in the state: it refuses even when this block is gone.
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

# The project's default bucket need not keep the same logs once more.
resource "google_logging_project_exclusion" "main" {
  name        = "portal-staging-audit"
  description = "Kept in the log bucket of the same name"
  filter      = "log_id(\"cloudaudit.googleapis.com/data_access\") OR log_id(\"cloudaudit.googleapis.com/policy\")"

  depends_on = [google_logging_project_sink.main]
}
