# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Databases: RDS in the isolated subnets. Only the containers that connect to a database reach it, and only by TLS.

resource "aws_db_subnet_group" "main" {
  name        = "darkroom-staging"
  description = "Databases live where there is no way in or out of the network"
  subnet_ids  = [for subnet in aws_subnet.isolated : subnet.id]
}

resource "aws_security_group" "albums_database" {
  name_prefix = "darkroom-staging-albums-database-"
  description = "Database albums"
  vpc_id      = aws_vpc.main.id

  tags = {
    Name = "darkroom-staging-albums-database"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "albums_from_web" {
  security_group_id            = aws_security_group.albums_database.id
  description                  = "web to albums"
  referenced_security_group_id = aws_security_group.web.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_vpc_security_group_ingress_rule" "albums_from_index" {
  security_group_id            = aws_security_group.albums_database.id
  description                  = "index to albums"
  referenced_security_group_id = aws_security_group.index.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_vpc_security_group_ingress_rule" "albums_from_nightly" {
  security_group_id            = aws_security_group.albums_database.id
  description                  = "nightly to albums"
  referenced_security_group_id = aws_security_group.nightly.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_db_parameter_group" "albums" {
  name_prefix = "darkroom-staging-albums-postgres17-"
  description = "PostgreSQL 17 of darkroom-staging-albums"
  family      = "postgres17"

  parameter {
    name         = "rds.force_ssl"
    value        = "1"
    apply_method = "pending-reboot"
  }

  parameter {
    name         = "log_statement"
    value        = "ddl"
    apply_method = "immediate"
  }

  parameter {
    name         = "log_min_duration_statement"
    value        = "1000"
    apply_method = "immediate"
  }

  # A new major version gets a group of its own. The old one stays: the database uses it until its maintenance window.
  skip_destroy = true

  lifecycle {
    create_before_destroy = true
  }
}

# Without these, RDS creates its own log groups, which are not encrypted and never expire.
resource "aws_cloudwatch_log_group" "albums_postgresql" {
  name              = "/aws/rds/instance/darkroom-staging-albums/postgresql"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.main.arn
}

resource "aws_cloudwatch_log_group" "albums_upgrade" {
  name              = "/aws/rds/instance/darkroom-staging-albums/upgrade"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.main.arn
}

resource "aws_db_instance" "albums" {
  # checkov:skip=CKV_AWS_157: storage.databases.*.high_availability is false
  # checkov:skip=CKV_AWS_293: security.deletion_protection is false
  identifier     = "darkroom-staging-albums"
  engine         = "postgres"
  engine_version = "17"
  instance_class = "db.t4g.small"
  db_name        = "albums"
  username       = "app"

  # RDS creates the password and keeps it in Secrets Manager. Terraform never sees it.
  manage_master_user_password   = true
  master_user_secret_kms_key_id = aws_kms_key.main.arn

  # RDS enlarges the disk up to max_allocated_storage.
  storage_type          = "gp3"
  allocated_storage     = 20
  max_allocated_storage = 200
  storage_encrypted     = true
  kms_key_id            = aws_kms_key.main.arn

  multi_az               = false
  db_subnet_group_name   = aws_db_subnet_group.main.name
  vpc_security_group_ids = [aws_security_group.albums_database.id]
  publicly_accessible    = false
  parameter_group_name   = aws_db_parameter_group.albums.name
  ca_cert_identifier     = "rds-ca-rsa2048-g1"

  # People can log in with IAM. The application logs in with the password.
  iam_database_authentication_enabled = true

  backup_retention_period  = 7
  backup_window            = "03:00-04:00"
  copy_tags_to_snapshot    = true
  delete_automated_backups = true
  deletion_protection      = false
  skip_final_snapshot      = true

  # Changes that interrupt the database wait for the maintenance window. RDS installs minor versions. A major version
  # changes only when engine_version above changes.
  maintenance_window          = "sun:04:30-sun:05:30"
  apply_immediately           = false
  auto_minor_version_upgrade  = true
  allow_major_version_upgrade = true
  engine_lifecycle_support    = "open-source-rds-extended-support-disabled"

  # Standard mode includes a week of history. AWS's default, the advanced mode, bills each vCPU.
  database_insights_mode                = "standard"
  performance_insights_enabled          = true
  performance_insights_retention_period = 7
  performance_insights_kms_key_id       = aws_kms_key.main.arn

  # Seconds between two measurements of the operating system.
  monitoring_interval             = 60
  monitoring_role_arn             = aws_iam_role.rds_monitoring.arn
  enabled_cloudwatch_logs_exports = ["postgresql", "upgrade"]

  depends_on = [
    aws_cloudwatch_log_group.albums_postgresql,
    aws_cloudwatch_log_group.albums_upgrade,
    aws_iam_role_policy_attachment.rds_monitoring,
  ]
}

# Policies refer to the secret through this value. If a policy named the server, each change of the server would plan a
# change of the policy.
locals {
  albums_password_arn = aws_db_instance.albums.master_user_secret[0].secret_arn
}

# By default RDS replaces the password every 7 days. Containers read it only when they start, so it locks them out.
# To replace it: aws secretsmanager rotate-secret, then aws ecs update-service --force-new-deployment for each service.
resource "aws_secretsmanager_secret_rotation" "albums" {
  # checkov:skip=CKV_AWS_304: a new password of storage.databases.* locks out containers that run, so that people say when
  secret_id          = aws_db_instance.albums.master_user_secret[0].secret_arn
  rotate_immediately = false

  rotation_rules {
    automatically_after_days = 365
  }
}
