# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Values to know after terraform apply.

output "url" {
  description = "Where the application answers"
  value       = "https://press.example.com"
}

output "load_balancer" {
  description = "IPv4 address of the load balancer"
  value       = google_compute_global_address.load_balancer.address
}

output "machines" {
  description = "Names of the managed instance groups"
  value = {
    web     = google_compute_region_instance_group_manager.web.name
    printer = google_compute_region_instance_group_manager.printer.name
  }
}

output "environment" {
  description = "What containers are told about the storage that they connect to"
  value = {
    ARTICLES_HOST     = google_sql_database_instance.articles.private_ip_address
    ARTICLES_PORT     = "5432"
    ARTICLES_NAME     = "articles"
    ARTICLES_USER     = "app"
    ARTICLES_SSLMODE  = "require"
    IMAGES_BUCKET     = google_storage_bucket.images.name
    IMAGES_BUCKET_URL = "gs://${google_storage_bucket.images.name}"
  }
}
