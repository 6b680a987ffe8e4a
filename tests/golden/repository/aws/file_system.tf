# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Folders of containers whose files stay: an EFS file system for each. Only its container reaches it, by TLS and with the
# task role. Each file belongs to one user, whatever user the container runs as.

resource "aws_security_group" "web_app_covers_files" {
  name_prefix = "library-prod-web-app-covers-files-"
  description = "Kept folder /app/covers of web"
  vpc_id      = aws_vpc.main.id

  tags = {
    Name = "library-prod-web-app-covers-files"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "web_app_covers_from_web" {
  security_group_id            = aws_security_group.web_app_covers_files.id
  description                  = "web to /app/covers"
  referenced_security_group_id = aws_security_group.web.id
  ip_protocol                  = "tcp"
  from_port                    = 2049
  to_port                      = 2049
}

resource "aws_efs_file_system" "web_app_covers" {
  encrypted       = true
  kms_key_id      = aws_kms_key.main.arn
  throughput_mode = "elastic"

  tags = {
    Name = "library-prod-web-app-covers"
  }

  # EFS itself has no deletion protection.
  lifecycle {
    prevent_destroy = true
  }
}

# A backup each day, which AWS Backup keeps for 35 days.
resource "aws_efs_backup_policy" "web_app_covers" {
  file_system_id = aws_efs_file_system.web_app_covers.id

  backup_policy {
    status = "ENABLED"
  }
}

# An address in each zone.
resource "aws_efs_mount_target" "web_app_covers" {
  for_each = aws_subnet.isolated

  file_system_id  = aws_efs_file_system.web_app_covers.id
  subnet_id       = each.value.id
  security_groups = [aws_security_group.web_app_covers_files.id]
}

# Whoever comes in here is this user, and sees this folder.
resource "aws_efs_access_point" "web_app_covers" {
  file_system_id = aws_efs_file_system.web_app_covers.id

  posix_user {
    uid = 10001
    gid = 10001
  }

  root_directory {
    path = "/files"

    creation_info {
      owner_uid   = 10001
      owner_gid   = 10001
      permissions = "0750"
    }
  }

  tags = {
    Name = "library-prod-web-app-covers"
  }
}

# A file system that has a policy admits only roles whose own policies allow it.
data "aws_iam_policy_document" "web_app_covers_file_system" {
  statement {
    sid       = "OnlyByTls"
    effect    = "Deny"
    actions   = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite", "elasticfilesystem:ClientRootAccess"]
    resources = [aws_efs_file_system.web_app_covers.arn]

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

resource "aws_efs_file_system_policy" "web_app_covers" {
  file_system_id = aws_efs_file_system.web_app_covers.id
  policy         = data.aws_iam_policy_document.web_app_covers_file_system.json
}
