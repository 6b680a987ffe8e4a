# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Values that are useful after terraform apply.

output "url" {
  description = "Where the application answers"
  value       = "http://${aws_lb.main.dns_name}"
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
    web = aws_ecs_service.web.name
  }
}

output "task_definitions" {
  description = "The revision that each service was told to run"
  value = {
    web = aws_ecs_task_definition.web.arn
  }
}

output "releases" {
  description = "How deploy.sh starts the release commands"
  value = {
    web = "${aws_ecs_task_definition.web.arn} awsvpcConfiguration={subnets=[${join(",", [for subnet in aws_subnet.private : subnet.id])}],securityGroups=[${aws_security_group.web.id}],assignPublicIp=DISABLED}"
  }
}

output "environment" {
  description = "What containers are told about the storage that they connect to"
  value = {
    TICKETS_HOST       = aws_db_instance.tickets.address
    TICKETS_PORT       = "5432"
    TICKETS_NAME       = "tickets"
    TICKETS_USER       = "app"
    TICKETS_SSLMODE    = "require"
    UPLOADS_BUCKET     = aws_s3_bucket.uploads.bucket
    UPLOADS_BUCKET_URL = "s3://${aws_s3_bucket.uploads.bucket}"
    BROKER_HOST        = aws_elasticache_replication_group.broker.primary_endpoint_address
    BROKER_PORT        = "6379"
    BROKER_TLS         = "true"
    INBOX_QUEUE        = aws_sqs_queue.inbox.url
  }
}
