# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Values to know after terraform apply.

output "url" {
  description = "Where the application answers"
  value       = "https://darkroom.example.com"
}

output "load_balancer" {
  description = "IPv4 address of the load balancer"
  value       = google_compute_global_address.load_balancer.address
}

output "functions" {
  description = "Names of the Cloud Run services that are functions"
  value = {
    web        = google_cloud_run_v2_service.web.name
    printer    = google_cloud_run_v2_service.printer.name
    thumbnails = google_cloud_run_v2_service.thumbnails.name
    index      = google_cloud_run_v2_service.index.name
    nightly    = google_cloud_run_v2_service.nightly.name
  }
}

output "environment" {
  description = "What containers are told about the storage that they connect to"
  value = {
    ALBUMS_HOST       = google_sql_database_instance.albums.private_ip_address
    ALBUMS_PORT       = "5432"
    ALBUMS_NAME       = "albums"
    ALBUMS_USER       = "app"
    ALBUMS_SSLMODE    = "require"
    PHOTOS_BUCKET     = google_storage_bucket.photos.name
    PHOTOS_BUCKET_URL = "gs://${google_storage_bucket.photos.name}"
  }
}
