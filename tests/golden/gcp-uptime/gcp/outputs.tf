# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Values to know after terraform apply.

output "url" {
  description = "Where the application answers"
  value       = "https://status.example.org"
}

output "load_balancer" {
  description = "IPv4 address of the load balancer"
  value       = google_compute_global_address.load_balancer.address
}

output "name_servers" {
  description = "To be entered at the registrar of the domain"
  value       = google_dns_managed_zone.main.name_servers
}

output "services" {
  description = "Names of the Cloud Run services and worker pools"
  value = {
    web = google_cloud_run_v2_service.web.name
  }
}

output "environment" {
  description = "What containers are told about the storage that they connect to"
  value = {
    NOTES_HOST         = google_sql_database_instance.notes.private_ip_address
    NOTES_PORT         = "3306"
    NOTES_NAME         = "notes"
    NOTES_USER         = "app"
    NOTES_SSLMODE      = "require"
    REPORTS_BUCKET     = google_storage_bucket.reports.name
    REPORTS_BUCKET_URL = "gs://${google_storage_bucket.reports.name}"
  }
}
