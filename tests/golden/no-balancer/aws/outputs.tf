# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Values that are useful after terraform apply.

output "cluster" {
  description = "Name of the ECS cluster"
  value       = aws_ecs_cluster.main.name
}

output "services" {
  description = "Names of the ECS services"
  value = {
    api = aws_ecs_service.api.name
  }
}

output "task_definitions" {
  description = "The revision that each service was told to run"
  value = {
    api = aws_ecs_task_definition.api.arn
  }
}
