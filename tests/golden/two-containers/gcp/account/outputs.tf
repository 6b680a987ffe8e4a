# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Where the audit log is kept.

output "audit_log_bucket" {
  description = "Log bucket that keeps the audit logs of the project"
  value       = google_logging_project_bucket_config.main.id
}
