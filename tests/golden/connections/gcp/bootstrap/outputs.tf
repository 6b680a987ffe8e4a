# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Values for the root module and for building images.

output "repositories" {
  description = "Where to push the image of each container"
  value = {
    web = "europe-west3-docker.pkg.dev/acme-desk/${google_artifact_registry_repository.main.repository_id}/web"
  }
}
