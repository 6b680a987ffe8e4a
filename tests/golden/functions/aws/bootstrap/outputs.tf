# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Values for the root module and for the image builds.

output "state_bucket" {
  description = "Bucket that holds the state of the root module"
  value       = aws_s3_bucket.state.id
}

output "repository" {
  description = "Where to push images; the tag begins with the container: web.<version>"
  value       = aws_ecr_repository.images.repository_url
}
