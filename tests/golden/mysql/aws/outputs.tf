# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Values that are useful after terraform apply.

output "url" {
  description = "Where the application answers"
  value       = "https://example.org"
}

output "load_balancer" {
  description = "DNS name of the load balancer"
  value       = aws_lb.main.dns_name
}

output "name_servers" {
  description = "To be entered at the registrar of the domain"
  value       = aws_route53_zone.main.name_servers
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

output "environment" {
  description = "What containers are told about the storage that they connect to"
  value = {
    PAGES_HOST    = aws_db_instance.pages.address
    PAGES_PORT    = "3306"
    PAGES_NAME    = "pages"
    PAGES_USER    = "app"
    PAGES_SSLMODE = "require"
  }
}
