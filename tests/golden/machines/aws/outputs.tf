# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Values that are useful after terraform apply.

output "url" {
  description = "Where the application answers"
  value       = "https://press.example.com"
}

output "load_balancer" {
  description = "DNS name of the load balancer"
  value       = aws_lb.main.dns_name
}

output "cluster" {
  description = "Name of the ECS cluster"
  value       = aws_ecs_cluster.main.name
}

output "machines" {
  description = "Names of the Auto Scaling groups"
  value = {
    web     = aws_autoscaling_group.web.name
    printer = aws_autoscaling_group.printer.name
  }
}

output "launch_template_versions" {
  description = "The version of its launch template that each group is to run"
  value = {
    web     = aws_launch_template.web.latest_version
    printer = aws_launch_template.printer.latest_version
  }
}

output "environment" {
  description = "What containers are told about the storage that they connect to"
  value = {
    ARTICLES_HOST     = aws_db_instance.articles.address
    ARTICLES_PORT     = "5432"
    ARTICLES_NAME     = "articles"
    ARTICLES_USER     = "app"
    ARTICLES_SSLMODE  = "require"
    IMAGES_BUCKET     = aws_s3_bucket.images.bucket
    IMAGES_BUCKET_URL = "s3://${aws_s3_bucket.images.bucket}"
    PRINTS_QUEUE      = aws_sqs_queue.prints.url
  }
}
