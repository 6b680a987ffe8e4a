# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Values to know after terraform apply.

output "url" {
  description = "Where the application answers"
  value       = "https://shop.example.com"
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
    ORDERS_DB_HOST    = google_sql_database_instance.orders_db.private_ip_address
    ORDERS_DB_PORT    = "5432"
    ORDERS_DB_NAME    = "orders_db"
    ORDERS_DB_USER    = "app"
    ORDERS_DB_SSLMODE = "require"
  }
}
