# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# What runs as a function of Lambda: for requests of the load balancer, for events, or by the clock. Each change publishes
# a version, and the alias leads to the newest.

# Lambda pulls the images itself. bootstrap/ makes the repository.
data "aws_iam_policy_document" "functions_repository" {
  statement {
    sid     = "LambdaPullsImages"
    actions = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:aws:lambda:eu-west-1:${data.aws_caller_identity.current.account_id}:function:darkroom-staging-*"]
    }
  }
}

resource "aws_ecr_repository_policy" "functions" {
  repository = "darkroom-staging"
  policy     = data.aws_iam_policy_document.functions_repository.json
}

resource "aws_scheduler_schedule_group" "main" {
  name = "darkroom-staging"
}

resource "aws_cloudwatch_log_group" "web" {
  name              = "/darkroom-staging/web"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.main.arn
}

resource "aws_security_group" "web" {
  name_prefix = "darkroom-staging-web-"
  description = "Tasks of web"
  vpc_id      = aws_vpc.main.id

  tags = {
    Name = "darkroom-staging-web"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "web_to_internet" {
  security_group_id = aws_security_group.web.id
  description       = "web to the internet, HTTPS only"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "web_to_albums" {
  security_group_id            = aws_security_group.web.id
  description                  = "web to albums"
  referenced_security_group_id = aws_security_group.albums_database.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_lambda_function" "web" {
  # checkov:skip=CKV_AWS_272: compute.platform functions runs images, and Lambda signs the code of archives alone
  # checkov:skip=CKV_AWS_116: containers.*.port or trigger.queue: somebody waits, or the queue keeps what failed
  function_name                  = "darkroom-staging-web"
  description                    = "Container web"
  role                           = aws_iam_role.web_function.arn
  package_type                   = "Image"
  image_uri                      = var.images.web
  architectures                  = ["x86_64"]
  memory_size                    = 1769
  timeout                        = 60
  reserved_concurrent_executions = 20
  kms_key_arn                    = aws_kms_key.main.arn

  # A version of each state, to go back to.
  publish = true

  # Nothing here is secret. AWS_LWA_* tell the adapter in the image how to reach the server.
  environment {
    variables = {
      PORT                                   = "8000"
      ALBUMS_HOST                            = aws_db_instance.albums.address
      ALBUMS_PORT                            = "5432"
      ALBUMS_NAME                            = "albums"
      ALBUMS_USER                            = "app"
      ALBUMS_SSLMODE                         = "require"
      PHOTOS_BUCKET                          = aws_s3_bucket.photos.bucket
      PHOTOS_BUCKET_URL                      = "s3://${aws_s3_bucket.photos.bucket}"
      PRINTS_QUEUE                           = aws_sqs_queue.prints.url
      GREETING                               = "Grüße $${name} %%{x} \"quoted\" 🎟"
      AWS_LWA_PORT                           = "8000"
      AWS_LWA_READINESS_CHECK_PATH           = "/health"
      AWS_LWA_READINESS_CHECK_HEALTHY_STATUS = "200"
      SECRETS_TO_FETCH                       = "ALBUMS_PASSWORD=${aws_db_instance.albums.master_user_secret[0].secret_arn}:password:: SIGNING_KEY=${aws_secretsmanager_secret.signing_key.arn}:::${aws_secretsmanager_secret_version.signing_key.version_id}"
    }
  }

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.web.name
  }

  tracing_config {
    mode = "Active"
  }

  vpc_config {
    subnet_ids         = [for subnet in aws_subnet.private : subnet.id]
    security_group_ids = [aws_security_group.web.id]
  }

  # Lambda keeps network interfaces for a while after a function is gone. With the default group they hold no other.
  replace_security_groups_on_destroy = true

  # Must exist before Lambda takes the function, and must outlive it.
  depends_on = [
    aws_route.private_internet,
    aws_vpc_security_group_egress_rule.web_to_internet,
    aws_vpc_security_group_egress_rule.web_to_albums,
    aws_ecr_repository_policy.functions,
    aws_iam_role_policy.web_function,
    aws_secretsmanager_secret_version.signing_key,
    aws_db_instance.albums,
    aws_s3_bucket_server_side_encryption_configuration.photos,
    aws_s3_bucket_versioning.photos,
    aws_sqs_queue_policy.prints,
    aws_vpc_security_group_ingress_rule.albums_from_web,
  ]
}

# What everything calls: it stays while versions come and go.
resource "aws_lambda_alias" "web" {
  name             = "live"
  function_name    = aws_lambda_function.web.function_name
  function_version = aws_lambda_function.web.version
}

resource "aws_lambda_permission" "web" {
  statement_id  = "load-balancer"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.web.function_name
  qualifier     = aws_lambda_alias.web.name
  principal     = "elasticloadbalancing.amazonaws.com"
  source_arn    = aws_lb_target_group.web.arn
}

resource "aws_lb_target_group_attachment" "web" {
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = aws_lambda_alias.web.arn

  # AWS asks for the permission when a function is attached.
  depends_on = [aws_lambda_permission.web]
}

resource "aws_cloudwatch_log_group" "printer" {
  name              = "/darkroom-staging/printer"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.main.arn
}

resource "aws_lambda_function" "printer" {
  # checkov:skip=CKV_AWS_272: compute.platform functions runs images, and Lambda signs the code of archives alone
  # checkov:skip=CKV_AWS_116: containers.*.port or trigger.queue: somebody waits, or the queue keeps what failed
  # checkov:skip=CKV_AWS_117: containers.*.connects_to names nothing that has an address in the network
  function_name                  = "darkroom-staging-printer"
  description                    = "Container printer"
  role                           = aws_iam_role.printer_function.arn
  package_type                   = "Image"
  image_uri                      = var.images.printer
  architectures                  = ["x86_64"]
  memory_size                    = 1024
  timeout                        = 120
  reserved_concurrent_executions = 3
  kms_key_arn                    = aws_kms_key.main.arn

  # A version of each state, to go back to.
  publish = true

  # Nothing here is secret. AWS_LWA_* tell the adapter in the image how to reach the server.
  environment {
    variables = {
      PORT                             = "8080"
      EVENT_SOURCE                     = "/queues/prints"
      PRINTS_QUEUE                     = aws_sqs_queue.prints.url
      BROKER                           = aws_sqs_queue.prints.url
      AWS_LWA_PORT                     = "8080"
      AWS_LWA_READINESS_CHECK_PROTOCOL = "tcp"
      AWS_LWA_PASS_THROUGH_PATH        = "/events"
      AWS_LWA_ERROR_STATUS_CODES       = "300-599"
      SECRETS_TO_FETCH                 = "PRINTER_TOKEN=${aws_secretsmanager_secret.printer_token.arn}:::${aws_secretsmanager_secret_version.printer_token.version_id}"
    }
  }

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.printer.name
  }

  tracing_config {
    mode = "Active"
  }

  # Must exist before Lambda takes the function, and must outlive it.
  depends_on = [
    aws_ecr_repository_policy.functions,
    aws_iam_role_policy.printer_function,
    aws_secretsmanager_secret_version.printer_token,
    aws_sqs_queue_policy.prints,
  ]
}

# What everything calls: it stays while versions come and go.
resource "aws_lambda_alias" "printer" {
  name             = "live"
  function_name    = aws_lambda_function.printer.function_name
  function_version = aws_lambda_function.printer.version
}

# Lambda takes the messages and starts the function, with one message at a time: one that takes long would use up the
# deliveries of those behind it.
resource "aws_lambda_event_source_mapping" "printer" {
  event_source_arn        = aws_sqs_queue.prints.arn
  function_name           = aws_lambda_alias.printer.arn
  batch_size              = 1
  function_response_types = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = 3
  }
}

resource "aws_cloudwatch_log_group" "thumbnails" {
  name              = "/darkroom-staging/thumbnails"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.main.arn
}

# Events that the function could not handle, for 14 days. An alarm watches it.
resource "aws_sqs_queue" "thumbnails_failed_events" {
  name                      = "darkroom-staging-thumbnails-failed-events"
  message_retention_seconds = 1209600

  kms_master_key_id = aws_kms_key.main.arn
}

data "aws_iam_policy_document" "thumbnails_failed_events_queue" {
  statement {
    sid       = "HttpsOnly"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [aws_sqs_queue.thumbnails_failed_events.arn]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sqs_queue_policy" "thumbnails_failed_events" {
  queue_url = aws_sqs_queue.thumbnails_failed_events.id
  policy    = data.aws_iam_policy_document.thumbnails_failed_events_queue.json
}

resource "aws_lambda_function" "thumbnails" {
  # checkov:skip=CKV_AWS_272: compute.platform functions runs images, and Lambda signs the code of archives alone
  # checkov:skip=CKV_AWS_117: containers.*.connects_to names nothing that has an address in the network
  function_name                  = "darkroom-staging-thumbnails"
  description                    = "Container thumbnails"
  role                           = aws_iam_role.thumbnails_function.arn
  package_type                   = "Image"
  image_uri                      = var.images.thumbnails
  architectures                  = ["x86_64"]
  memory_size                    = 4096
  timeout                        = 120
  reserved_concurrent_executions = 4
  kms_key_arn                    = aws_kms_key.main.arn

  # A version of each state, to go back to.
  publish = true

  # Nothing here is secret. AWS_LWA_* tell the adapter in the image how to reach the server.
  environment {
    variables = {
      PORT                             = "8080"
      EVENT_SOURCE                     = "/buckets/photos"
      PHOTOS_BUCKET                    = aws_s3_bucket.photos.bucket
      PHOTOS_BUCKET_URL                = "s3://${aws_s3_bucket.photos.bucket}"
      AWS_LWA_PORT                     = "8080"
      AWS_LWA_READINESS_CHECK_PROTOCOL = "tcp"
      AWS_LWA_PASS_THROUGH_PATH        = "/events"
      AWS_LWA_ERROR_STATUS_CODES       = "300-599"
    }
  }

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.thumbnails.name
  }

  tracing_config {
    mode = "Active"
  }

  dead_letter_config {
    target_arn = aws_sqs_queue.thumbnails_failed_events.arn
  }

  # Must exist before Lambda takes the function, and must outlive it.
  depends_on = [
    aws_ecr_repository_policy.functions,
    aws_iam_role_policy.thumbnails_function,
    aws_s3_bucket_server_side_encryption_configuration.photos,
    aws_s3_bucket_versioning.photos,
  ]
}

# What everything calls: it stays while versions come and go.
resource "aws_lambda_alias" "thumbnails" {
  name             = "live"
  function_name    = aws_lambda_function.thumbnails.function_name
  function_version = aws_lambda_function.thumbnails.version
}

resource "aws_lambda_permission" "thumbnails" {
  statement_id   = "bucket"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.thumbnails.function_name
  qualifier      = aws_lambda_alias.thumbnails.name
  principal      = "s3.amazonaws.com"
  source_arn     = aws_s3_bucket.photos.arn
  source_account = data.aws_caller_identity.current.account_id
}

# Events that nobody waits for: how often they are tried again.
resource "aws_lambda_function_event_invoke_config" "thumbnails" {
  function_name                = aws_lambda_function.thumbnails.function_name
  qualifier                    = aws_lambda_alias.thumbnails.name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 3600
}

resource "aws_cloudwatch_log_group" "index" {
  name              = "/darkroom-staging/index"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.main.arn
}

resource "aws_security_group" "index" {
  name_prefix = "darkroom-staging-index-"
  description = "Tasks of index"
  vpc_id      = aws_vpc.main.id

  tags = {
    Name = "darkroom-staging-index"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "index_to_internet" {
  security_group_id = aws_security_group.index.id
  description       = "index to the internet, HTTPS only"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "index_to_albums" {
  security_group_id            = aws_security_group.index.id
  description                  = "index to albums"
  referenced_security_group_id = aws_security_group.albums_database.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

# Events that the function could not handle, for 14 days. An alarm watches it.
resource "aws_sqs_queue" "index_failed_events" {
  name                      = "darkroom-staging-index-failed-events"
  message_retention_seconds = 1209600

  kms_master_key_id = aws_kms_key.main.arn
}

data "aws_iam_policy_document" "index_failed_events_queue" {
  statement {
    sid       = "HttpsOnly"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [aws_sqs_queue.index_failed_events.arn]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sqs_queue_policy" "index_failed_events" {
  queue_url = aws_sqs_queue.index_failed_events.id
  policy    = data.aws_iam_policy_document.index_failed_events_queue.json
}

resource "aws_lambda_function" "index" {
  # checkov:skip=CKV_AWS_272: compute.platform functions runs images, and Lambda signs the code of archives alone
  function_name                  = "darkroom-staging-index"
  description                    = "Container index"
  role                           = aws_iam_role.index_function.arn
  package_type                   = "Image"
  image_uri                      = var.images.index
  architectures                  = ["x86_64"]
  memory_size                    = 1024
  timeout                        = 60
  reserved_concurrent_executions = 4
  kms_key_arn                    = aws_kms_key.main.arn

  # A version of each state, to go back to.
  publish = true

  # Nothing here is secret. AWS_LWA_* tell the adapter in the image how to reach the server.
  environment {
    variables = {
      PORT                             = "8080"
      EVENT_SOURCE                     = "/buckets/photos"
      ALBUMS_HOST                      = aws_db_instance.albums.address
      ALBUMS_PORT                      = "5432"
      ALBUMS_NAME                      = "albums"
      ALBUMS_USER                      = "app"
      ALBUMS_SSLMODE                   = "require"
      PHOTOS_BUCKET                    = aws_s3_bucket.photos.bucket
      PHOTOS_BUCKET_URL                = "s3://${aws_s3_bucket.photos.bucket}"
      AWS_LWA_PORT                     = "8080"
      AWS_LWA_READINESS_CHECK_PROTOCOL = "tcp"
      AWS_LWA_PASS_THROUGH_PATH        = "/events"
      AWS_LWA_ERROR_STATUS_CODES       = "300-599"
      SECRETS_TO_FETCH                 = "ALBUMS_PASSWORD=${aws_db_instance.albums.master_user_secret[0].secret_arn}:password::"
    }
  }

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.index.name
  }

  tracing_config {
    mode = "Active"
  }

  dead_letter_config {
    target_arn = aws_sqs_queue.index_failed_events.arn
  }

  vpc_config {
    subnet_ids         = [for subnet in aws_subnet.private : subnet.id]
    security_group_ids = [aws_security_group.index.id]
  }

  # Lambda keeps network interfaces for a while after a function is gone. With the default group they hold no other.
  replace_security_groups_on_destroy = true

  # Must exist before Lambda takes the function, and must outlive it.
  depends_on = [
    aws_route.private_internet,
    aws_vpc_security_group_egress_rule.index_to_internet,
    aws_vpc_security_group_egress_rule.index_to_albums,
    aws_ecr_repository_policy.functions,
    aws_iam_role_policy.index_function,
    aws_db_instance.albums,
    aws_s3_bucket_server_side_encryption_configuration.photos,
    aws_s3_bucket_versioning.photos,
    aws_vpc_security_group_ingress_rule.albums_from_index,
  ]
}

# What everything calls: it stays while versions come and go.
resource "aws_lambda_alias" "index" {
  name             = "live"
  function_name    = aws_lambda_function.index.function_name
  function_version = aws_lambda_function.index.version
}

resource "aws_lambda_permission" "index" {
  statement_id   = "bucket"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.index.function_name
  qualifier      = aws_lambda_alias.index.name
  principal      = "s3.amazonaws.com"
  source_arn     = aws_s3_bucket.photos.arn
  source_account = data.aws_caller_identity.current.account_id
}

# Events that nobody waits for: how often they are tried again.
resource "aws_lambda_function_event_invoke_config" "index" {
  function_name                = aws_lambda_function.index.function_name
  qualifier                    = aws_lambda_alias.index.name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 3600
}

resource "aws_cloudwatch_log_group" "nightly" {
  name              = "/darkroom-staging/nightly"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.main.arn
}

resource "aws_security_group" "nightly" {
  name_prefix = "darkroom-staging-nightly-"
  description = "Tasks of nightly"
  vpc_id      = aws_vpc.main.id

  tags = {
    Name = "darkroom-staging-nightly"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "nightly_to_internet" {
  security_group_id = aws_security_group.nightly.id
  description       = "nightly to the internet, HTTPS only"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "nightly_to_albums" {
  security_group_id            = aws_security_group.nightly.id
  description                  = "nightly to albums"
  referenced_security_group_id = aws_security_group.albums_database.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

# Events that the function could not handle, for 14 days. An alarm watches it.
resource "aws_sqs_queue" "nightly_failed_events" {
  name                      = "darkroom-staging-nightly-failed-events"
  message_retention_seconds = 1209600

  kms_master_key_id = aws_kms_key.main.arn
}

data "aws_iam_policy_document" "nightly_failed_events_queue" {
  statement {
    sid       = "HttpsOnly"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [aws_sqs_queue.nightly_failed_events.arn]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sqs_queue_policy" "nightly_failed_events" {
  queue_url = aws_sqs_queue.nightly_failed_events.id
  policy    = data.aws_iam_policy_document.nightly_failed_events_queue.json
}

resource "aws_lambda_function" "nightly" {
  # checkov:skip=CKV_AWS_272: compute.platform functions runs images, and Lambda signs the code of archives alone
  function_name                  = "darkroom-staging-nightly"
  description                    = "Container nightly"
  role                           = aws_iam_role.nightly_function.arn
  package_type                   = "Image"
  image_uri                      = var.images.nightly
  architectures                  = ["x86_64"]
  memory_size                    = 1024
  timeout                        = 600
  reserved_concurrent_executions = 4
  kms_key_arn                    = aws_kms_key.main.arn

  # A version of each state, to go back to.
  publish = true

  # Nothing here is secret. AWS_LWA_* tell the adapter in the image how to reach the server.
  environment {
    variables = {
      PORT                             = "8080"
      EVENT_SOURCE                     = "/schedules/nightly"
      ALBUMS_HOST                      = aws_db_instance.albums.address
      ALBUMS_PORT                      = "5432"
      ALBUMS_NAME                      = "albums"
      ALBUMS_USER                      = "app"
      ALBUMS_SSLMODE                   = "require"
      PRINTS_QUEUE                     = aws_sqs_queue.prints.url
      AWS_LWA_PORT                     = "8080"
      AWS_LWA_READINESS_CHECK_PROTOCOL = "tcp"
      AWS_LWA_PASS_THROUGH_PATH        = "/events"
      AWS_LWA_ERROR_STATUS_CODES       = "300-599"
      SECRETS_TO_FETCH                 = "ALBUMS_PASSWORD=${aws_db_instance.albums.master_user_secret[0].secret_arn}:password::"
    }
  }

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.nightly.name
  }

  tracing_config {
    mode = "Active"
  }

  dead_letter_config {
    target_arn = aws_sqs_queue.nightly_failed_events.arn
  }

  vpc_config {
    subnet_ids         = [for subnet in aws_subnet.private : subnet.id]
    security_group_ids = [aws_security_group.nightly.id]
  }

  # Lambda keeps network interfaces for a while after a function is gone. With the default group they hold no other.
  replace_security_groups_on_destroy = true

  # Must exist before Lambda takes the function, and must outlive it.
  depends_on = [
    aws_route.private_internet,
    aws_vpc_security_group_egress_rule.nightly_to_internet,
    aws_vpc_security_group_egress_rule.nightly_to_albums,
    aws_ecr_repository_policy.functions,
    aws_iam_role_policy.nightly_function,
    aws_db_instance.albums,
    aws_sqs_queue_policy.prints,
    aws_vpc_security_group_ingress_rule.albums_from_nightly,
  ]
}

# What everything calls: it stays while versions come and go.
resource "aws_lambda_alias" "nightly" {
  name             = "live"
  function_name    = aws_lambda_function.nightly.function_name
  function_version = aws_lambda_function.nightly.version
}

# Events that nobody waits for: how often they are tried again.
resource "aws_lambda_function_event_invoke_config" "nightly" {
  function_name                = aws_lambda_function.nightly.function_name
  qualifier                    = aws_lambda_alias.nightly.name
  maximum_retry_attempts       = 1
  maximum_event_age_in_seconds = 3600
}

resource "aws_scheduler_schedule" "nightly" {
  name                         = "darkroom-staging-nightly"
  group_name                   = aws_scheduler_schedule_group.main.name
  schedule_expression          = "cron(0 2 * * ? *)"
  schedule_expression_timezone = "Europe/Berlin"
  kms_key_arn                  = aws_kms_key.main.arn

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_alias.nightly.arn
    role_arn = aws_iam_role.nightly_scheduler.arn

    # Scheduler writes the time into it.
    input = "{\"specversion\": \"1.0\", \"id\": \"<aws.scheduler.scheduled-time>\", \"type\": \"schedule\", \"source\": \"/schedules/nightly\", \"time\": \"<aws.scheduler.scheduled-time>\"}"

    # Retries the start for at most an hour. A function that ran and failed is tried again by Lambda.
    retry_policy {
      maximum_event_age_in_seconds = 3600
      maximum_retry_attempts       = 1
    }
  }

  # Created before the first run.
  depends_on = [aws_iam_role_policy.nightly_scheduler]
}

# A bucket has one list of notifications: all of them stand here. S3 asks whether it may invoke what it is to tell.
resource "aws_s3_bucket_notification" "photos" {
  bucket = aws_s3_bucket.photos.id

  lambda_function {
    id                  = "thumbnails"
    lambda_function_arn = aws_lambda_alias.thumbnails.arn
    events              = ["s3:ObjectCreated:*"]
    filter_prefix       = "originals/"
  }

  lambda_function {
    id                  = "index"
    lambda_function_arn = aws_lambda_alias.index.arn
    events              = ["s3:ObjectCreated:*"]
    filter_prefix       = "thumbnails/"
  }

  depends_on = [aws_lambda_permission.thumbnails, aws_lambda_permission.index]
}
