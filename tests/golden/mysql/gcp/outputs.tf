# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Values to know after terraform apply.

output "url" {
  description = "Where the application answers"
  value       = "https://example.org"
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
    PAGES_HOST    = google_sql_database_instance.pages.private_ip_address
    PAGES_PORT    = "3306"
    PAGES_NAME    = "pages"
    PAGES_USER    = "app"
    PAGES_SSLMODE = "require"
  }
}
