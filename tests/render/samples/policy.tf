terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}

resource "aws_iam_role" "deploy" {
  name = "shop-deploy"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRoleWithWebIdentity"
        Principal = { Federated = aws_iam_openid_connect_provider.github.arn }
        Condition = {
          StringEquals = {
            "${local.issuer}:aud" = "sts.amazonaws.com"
            (local.subject)       = "repo:acme/shop"
          }
          "ForAnyValue:StringLike" = { "aws:PrincipalTag/team" = ["shop"] }
        }
      },
    ]
  })
}

# An empty block, and a block on one line.
resource "aws_wafv2_web_acl" "main" {
  default_action {
    allow {}
  }
  variable = merge(
    { a = 1 },
    { b = "}" },
  )
  short               = 1   # one
  somewhat_longer     = "2" # two
  the_longest_of_them = [3] # three
}

output "addresses" {
  value = [for name in sort(keys(aws_lb.main)) : "https://${aws_lb.main[name].dns_name}/${join("/", ["a", "b"])}"]
}
