# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Values that are useful after terraform apply.

output "cluster" {
  description = "Name of the ECS cluster"
  value       = aws_ecs_cluster.main.name
}

output "services" {
  description = "Names of the ECS services"
  value = {
    worker = aws_ecs_service.worker.name
  }
}

output "task_definitions" {
  description = "The revision that each service was told to run"
  value = {
    worker = aws_ecs_task_definition.worker.arn
  }
}

output "environment" {
  description = "What containers are told about the storage that they connect to"
  value = {
    PAGES_BUCKET     = aws_s3_bucket.pages.bucket
    PAGES_BUCKET_URL = "s3://${aws_s3_bucket.pages.bucket}"
    SEEDS_QUEUE      = aws_sqs_queue.seeds.url
  }
}
