# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Values for the root module and for building images.

output "state_bucket" {
  description = "Bucket that holds the state of the root module"
  value       = google_storage_bucket.state.name
}

output "repositories" {
  description = "Where to push the image of each container"
  value = {
    site    = "us-central1-docker.pkg.dev/acme-media/${google_artifact_registry_repository.main.repository_id}/site"
    posters = "us-central1-docker.pkg.dev/acme-media/${google_artifact_registry_repository.main.repository_id}/posters"
  }
}
