# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Queues. A message that fails too often moves to the dead-letter queue, which an alarm watches, for 14 days.

resource "aws_sqs_queue" "prints" {
  name                       = "darkroom-staging-prints"
  visibility_timeout_seconds = 720
  message_retention_seconds  = 604800

  # Long polling: a request waits up to 20 seconds for a message.
  receive_wait_time_seconds = 20

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.prints_dead_letter.arn
    maxReceiveCount     = 5
  })

  kms_master_key_id = aws_kms_key.main.arn
}

resource "aws_sqs_queue" "prints_dead_letter" {
  name                      = "darkroom-staging-prints-dead-letter"
  message_retention_seconds = 1209600

  kms_master_key_id = aws_kms_key.main.arn
}

# Only this queue may send messages to the dead-letter queue.
resource "aws_sqs_queue_redrive_allow_policy" "prints_dead_letter" {
  queue_url = aws_sqs_queue.prints_dead_letter.id
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.prints.arn]
  })
}

data "aws_iam_policy_document" "prints_queue" {
  statement {
    sid       = "HttpsOnly"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [aws_sqs_queue.prints.arn]

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

resource "aws_sqs_queue_policy" "prints" {
  queue_url = aws_sqs_queue.prints.id
  policy    = data.aws_iam_policy_document.prints_queue.json
}

data "aws_iam_policy_document" "prints_dead_letter_queue" {
  statement {
    sid       = "HttpsOnly"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [aws_sqs_queue.prints_dead_letter.arn]

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

resource "aws_sqs_queue_policy" "prints_dead_letter" {
  queue_url = aws_sqs_queue.prints_dead_letter.id
  policy    = data.aws_iam_policy_document.prints_dead_letter_queue.json
}
