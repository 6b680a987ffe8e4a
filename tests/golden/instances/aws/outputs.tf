# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Values that are useful after terraform apply.

output "url" {
  description = "Where the application answers"
  value       = "https://depot.example.com"
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
    web     = aws_ecs_service.web.name
    mover   = aws_ecs_service.mover.name
    watcher = aws_ecs_service.watcher.name
  }
}

output "task_definitions" {
  description = "The revision that each service was told to run"
  value = {
    web     = aws_ecs_task_definition.web.arn
    mover   = aws_ecs_task_definition.mover.arn
    watcher = aws_ecs_task_definition.watcher.arn
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
    GOODS_HOST    = aws_db_instance.goods.address
    GOODS_PORT    = "5432"
    GOODS_NAME    = "goods"
    GOODS_USER    = "app"
    GOODS_SSLMODE = "require"
    MOVES_QUEUE   = aws_sqs_queue.moves.url
  }
}
