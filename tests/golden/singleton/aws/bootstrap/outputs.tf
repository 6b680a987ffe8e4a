# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# What the root module and the image builds need to know.

output "repository" {
  description = "Where to push images; the tag begins with the container: web.<version>"
  value       = aws_ecr_repository.images.repository_url
}
