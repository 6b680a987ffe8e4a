# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Secrets that containers read. Terraform writes a value once and remembers only which version it wrote:
# to replace a value, raise its version and hand the new one over in the variable secret_values.

resource "aws_secretsmanager_secret" "signing_key" {
  # checkov:skip=CKV2_AWS_57: the value comes from outside; security.secrets.*.version says when it is replaced
  name        = "portal-staging/signing-key"
  description = "Secret signing-key of portal-staging"
  kms_key_id  = aws_kms_key.main.arn

  # Deleted at once, for while a secret can be restored, its name is taken and nothing could be set up anew.
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "signing_key" {
  secret_id = aws_secretsmanager_secret.signing_key.id

  # Read only when the version is new. AWS refuses an empty value, so a forgotten one replaces nothing.
  secret_string_wo         = lookup(var.secret_values, "signing-key", "")
  secret_string_wo_version = 2
}
