# What runs the containers, and who may reach it.
locals {
  name  = "shop-production"
  ports = { for name, service in var.services : name => service.port if service.port != null }
}

resource "aws_ecs_service" "web" {
  name            = "web"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.web.arn

  # The scaling policies own this number.
  desired_count                     = 2
  health_check_grace_period_seconds = 60 # as long as the slowest start takes
  enable_execute_command            = true

  network_configuration {
    subnets          = [aws_subnet.private_a.id, aws_subnet.private_b.id]
    security_groups  = [aws_security_group.web.id]
    assign_public_ip = false
  }

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  lifecycle {
    ignore_changes = [desired_count]
  }

  depends_on = [
    aws_lb_listener.https,
    aws_iam_role_policy.web,
  ]
}

resource "aws_ecs_task_definition" "web" {
  family = "${local.name}-web"
  container_definitions = jsonencode([
    {
      name      = "web"
      image     = var.images["web"]
      essential = true
      command   = ["sh", "-c", "exec gunicorn \"$${APP}\" # {"]
      portMappings = [
        { containerPort = 8000, protocol = "tcp" },
      ]
      environment = [
        {
          name  = "DATABASE_URL"
          value = "postgres://${aws_db_instance.main.address}:${aws_db_instance.main.port}/shop"
        },
      ]
    },
  ])
  tags = {}
}
