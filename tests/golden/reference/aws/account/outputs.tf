# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Where the audit log is.

output "audit_bucket" {
  description = "Bucket that holds the record"
  value       = aws_s3_bucket.audit.id
}

output "audit_log_group" {
  description = "Log group to search the record in"
  value       = aws_cloudwatch_log_group.audit.name
}

output "audit_trail" {
  description = "ARN of the trail, by which the AWS CLI proves the record"
  value       = aws_cloudtrail.main.arn
}
