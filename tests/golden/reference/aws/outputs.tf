# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Values that are useful after terraform apply.

output "url" {
  description = "Where the application answers"
  value       = "https://shop.example.com"
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
    web    = aws_ecs_service.web.name
    worker = aws_ecs_service.worker.name
  }
}

output "task_definitions" {
  description = "The revision that each service was told to run"
  value = {
    web    = aws_ecs_task_definition.web.arn
    worker = aws_ecs_task_definition.worker.arn
  }
}

output "environment" {
  description = "What containers are told about the storage that they connect to"
  value = {
    ORDERS_DB_HOST    = aws_db_instance.orders_db.address
    ORDERS_DB_PORT    = "5432"
    ORDERS_DB_NAME    = "orders_db"
    ORDERS_DB_USER    = "app"
    ORDERS_DB_SSLMODE = "require"
    ASSETS_BUCKET     = aws_s3_bucket.assets.bucket
    ASSETS_BUCKET_URL = "s3://${aws_s3_bucket.assets.bucket}"
    SESSIONS_HOST     = aws_elasticache_replication_group.sessions.primary_endpoint_address
    SESSIONS_PORT     = "6379"
    SESSIONS_TLS      = "true"
    JOBS_QUEUE        = aws_sqs_queue.jobs.url
  }
}
