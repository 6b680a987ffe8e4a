# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Values that are useful after terraform apply.

output "url" {
  description = "Where the application answers"
  value       = "https://portal.example.com"
}

output "load_balancer" {
  description = "DNS name of the load balancer"
  value       = aws_lb.main.dns_name
}

output "cluster" {
  description = "Name of the ECS cluster"
  value       = aws_ecs_cluster.main.name
}

output "services" {
  description = "Names of the ECS services"
  value = {
    site = aws_ecs_service.site.name
    api  = aws_ecs_service.api.name
  }
}

output "task_definitions" {
  description = "The revision that each service was told to run"
  value = {
    site = aws_ecs_task_definition.site.arn
    api  = aws_ecs_task_definition.api.arn
  }
}

output "environment" {
  description = "What containers are told about the storage that they connect to"
  value = {
    PORTAL_DB_HOST     = aws_db_instance.portal_db.address
    PORTAL_DB_PORT     = "5432"
    PORTAL_DB_NAME     = "portal_db"
    PORTAL_DB_USER     = "app"
    PORTAL_DB_SSLMODE  = "require"
    UPLOADS_BUCKET     = aws_s3_bucket.uploads.bucket
    UPLOADS_BUCKET_URL = "s3://${aws_s3_bucket.uploads.bucket}"
  }
}
