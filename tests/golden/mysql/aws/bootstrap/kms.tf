# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The key for state and images. It is not the root module's key, which does not exist when this module is applied.
resource "aws_kms_key" "main" {
  description             = "Terraform state and images of wiki-staging"
  deletion_window_in_days = 30
  enable_key_rotation     = true
  policy                  = data.aws_iam_policy_document.key.json
}

resource "aws_kms_alias" "main" {
  name          = "alias/wiki-staging-bootstrap"
  target_key_id = aws_kms_key.main.key_id
}

data "aws_iam_policy_document" "key" {
  # checkov:skip=CKV_AWS_109: in the policy of a key "*" is the key itself, and the account keeps its administration
  # checkov:skip=CKV_AWS_111: in the policy of a key "*" is the key itself, and the account keeps its administration
  # checkov:skip=CKV_AWS_356: in the policy of a key "*" is the key itself, no other resource
  # Within the account, IAM policies decide who uses the key. In a key's own policy "*" means this key.
  statement {
    sid       = "Account"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:root"]
    }
  }
}
