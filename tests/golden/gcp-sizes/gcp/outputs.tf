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
    site    = google_cloud_run_v2_service.site.name
    encoder = google_cloud_run_v2_worker_pool.encoder.name
    posters = google_cloud_run_v2_service.posters.name
  }
}

output "environment" {
  description = "What containers are told about the storage that they connect to"
  value = {
    FILMS_BUCKET     = google_storage_bucket.films.name
    FILMS_BUCKET_URL = "gs://${google_storage_bucket.films.name}"
    CACHE_HOST       = local.cache_host
    CACHE_PORT       = "6379"
    CACHE_TLS        = "false"
  }
}
