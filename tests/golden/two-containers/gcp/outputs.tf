# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Values to know after terraform apply.

output "url" {
  description = "Where the application answers"
  value       = "https://portal.example.com"
}

output "load_balancer" {
  description = "IPv4 address of the load balancer"
  value       = google_compute_global_address.load_balancer.address
}

output "services" {
  description = "Names of the Cloud Run services and worker pools"
  value = {
    site = google_cloud_run_v2_service.site.name
    api  = google_cloud_run_v2_service.api.name
  }
}

output "environment" {
  description = "What containers are told about the storage that they connect to"
  value = {
    PORTAL_DB_HOST     = google_sql_database_instance.portal_db.private_ip_address
    PORTAL_DB_PORT     = "5432"
    PORTAL_DB_NAME     = "portal_db"
    PORTAL_DB_USER     = "app"
    PORTAL_DB_SSLMODE  = "require"
    UPLOADS_BUCKET     = google_storage_bucket.uploads.name
    UPLOADS_BUCKET_URL = "gs://${google_storage_bucket.uploads.name}"
  }
}
