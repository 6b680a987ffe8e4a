# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Secrets that containers read. Terraform writes a value once and keeps only its version number in the state. To replace
# a value, raise the version and pass the new value in the variable secret_values.

resource "aws_secretsmanager_secret" "stripe_key" {
  # checkov:skip=CKV2_AWS_57: the value comes from outside; security.secrets.*.version says when it is replaced
  name        = "shop-prod/stripe-key"
  description = "Secret stripe-key of shop-prod"
  kms_key_id  = aws_kms_key.main.arn

  # Days during which a deleted secret can be restored.
  recovery_window_in_days = 30
}

resource "aws_secretsmanager_secret_version" "stripe_key" {
  secret_id = aws_secretsmanager_secret.stripe_key.id

  # Terraform reads the value only when the version changes. AWS refuses an empty value.
  secret_string_wo         = lookup(var.secret_values, "stripe-key", "")
  secret_string_wo_version = 1
}
