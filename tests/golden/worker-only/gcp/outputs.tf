# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Values to know after terraform apply.

output "services" {
  description = "Names of the Cloud Run services and worker pools"
  value = {
    worker = google_cloud_run_v2_worker_pool.worker.name
  }
}

output "environment" {
  description = "What containers are told about the storage that they connect to"
  value = {
    PAGES_BUCKET     = google_storage_bucket.pages.name
    PAGES_BUCKET_URL = "gs://${google_storage_bucket.pages.name}"
  }
}
