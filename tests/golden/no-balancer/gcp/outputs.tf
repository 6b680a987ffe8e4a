# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Values to know after terraform apply.

output "services" {
  description = "Names of the Cloud Run services and worker pools"
  value = {
    api = google_cloud_run_v2_service.api.name
  }
}
