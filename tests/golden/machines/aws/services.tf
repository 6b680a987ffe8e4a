# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The ECS cluster on Fargate, and a service for each container that runs all the time.

resource "aws_ecs_cluster" "main" {
  name = "press-staging"

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_cluster_capacity_providers" "main" {
  cluster_name       = aws_ecs_cluster.main.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]
}
