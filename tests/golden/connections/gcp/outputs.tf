# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Values to know after terraform apply.

output "url" {
  description = "Where the application answers"
  value       = "http://${google_compute_global_address.load_balancer.address}"
}

output "load_balancer" {
  description = "IPv4 address of the load balancer"
  value       = google_compute_global_address.load_balancer.address
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
    TICKETS_HOST       = google_sql_database_instance.tickets.private_ip_address
    TICKETS_PORT       = "5432"
    TICKETS_NAME       = "tickets"
    TICKETS_USER       = "app"
    TICKETS_SSLMODE    = "require"
    UPLOADS_BUCKET     = google_storage_bucket.uploads.name
    UPLOADS_BUCKET_URL = "gs://${google_storage_bucket.uploads.name}"
    BROKER_HOST        = local.broker_host
    BROKER_PORT        = "6379"
    BROKER_TLS         = "false"
  }
}
