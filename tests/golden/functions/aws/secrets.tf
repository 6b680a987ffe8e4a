# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Secrets that containers read. Terraform writes a value once and keeps only its version number in the state. To replace
# a value, raise the version and pass the new value in the variable secret_values.

resource "aws_secretsmanager_secret" "signing_key" {
  # checkov:skip=CKV2_AWS_57: the value comes from outside; security.secrets.*.version says when it is replaced
  name        = "darkroom-staging/signing-key"
  description = "Secret signing-key of darkroom-staging"
  kms_key_id  = aws_kms_key.main.arn

  # Deleted immediately: the name of a secret that can be restored is taken.
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "signing_key" {
  secret_id = aws_secretsmanager_secret.signing_key.id

  # Terraform reads the value only when the version changes. AWS refuses an empty value.
  secret_string_wo         = lookup(var.secret_values, "signing-key", "")
  secret_string_wo_version = 1
}

resource "aws_secretsmanager_secret" "printer_token" {
  # checkov:skip=CKV2_AWS_57: the value comes from outside; security.secrets.*.version says when it is replaced
  name        = "darkroom-staging/printer-token"
  description = "Secret printer-token of darkroom-staging"
  kms_key_id  = aws_kms_key.main.arn

  # Deleted immediately: the name of a secret that can be restored is taken.
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "printer_token" {
  secret_id = aws_secretsmanager_secret.printer_token.id

  # Terraform reads the value only when the version changes. AWS refuses an empty value.
  secret_string_wo         = lookup(var.secret_values, "printer-token", "")
  secret_string_wo_version = 1
}
