# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Values that are useful after terraform apply.

output "url" {
  description = "Where the application answers"
  value       = "https://darkroom.example.com"
}

output "load_balancer" {
  description = "DNS name of the load balancer"
  value       = aws_lb.main.dns_name
}

output "functions" {
  description = "Names of the Lambda functions"
  value = {
    web        = aws_lambda_function.web.function_name
    printer    = aws_lambda_function.printer.function_name
    thumbnails = aws_lambda_function.thumbnails.function_name
    index      = aws_lambda_function.index.function_name
    nightly    = aws_lambda_function.nightly.function_name
  }
}

output "environment" {
  description = "What containers are told about the storage that they connect to"
  value = {
    ALBUMS_HOST       = aws_db_instance.albums.address
    ALBUMS_PORT       = "5432"
    ALBUMS_NAME       = "albums"
    ALBUMS_USER       = "app"
    ALBUMS_SSLMODE    = "require"
    PHOTOS_BUCKET     = aws_s3_bucket.photos.bucket
    PHOTOS_BUCKET_URL = "s3://${aws_s3_bucket.photos.bucket}"
    PRINTS_QUEUE      = aws_sqs_queue.prints.url
  }
}
