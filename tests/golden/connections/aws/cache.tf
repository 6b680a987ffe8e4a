# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Caches: Valkey, which speaks the Redis protocol. Only the containers that connect to a cache reach it, and only by TLS.
# There is no password. Terraform would keep the password of a user, or a token, in its state. A login with IAM needs
# code in the application.

resource "aws_elasticache_subnet_group" "main" {
  name        = "desk-dev"
  description = "Caches live where there is no way in or out of the network"
  subnet_ids  = [for subnet in aws_subnet.isolated : subnet.id]
}

resource "aws_security_group" "broker_cache" {
  name_prefix = "desk-dev-broker-cache-"
  description = "Cache broker"
  vpc_id      = aws_vpc.main.id

  tags = {
    Name = "desk-dev-broker-cache"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "broker_from_web" {
  security_group_id            = aws_security_group.broker_cache.id
  description                  = "web to broker"
  referenced_security_group_id = aws_security_group.web.id
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
}

resource "aws_elasticache_replication_group" "broker" {
  # checkov:skip=CKV_AWS_31: storage.caches.* are encrypted on the way and at rest; terraform would keep a token in its state
  # checkov:skip=CKV_AWS_191: security.encryption is provider_managed
  # checkov:skip=CKV2_AWS_50: storage.caches.*.replicas is 0
  replication_group_id = "desk-dev-broker"
  description          = "Cache broker of desk-dev"
  engine               = "valkey"
  engine_version       = "9.0"
  node_type            = "cache.t4g.small"
  num_cache_clusters   = 1
  port                 = 6379
  subnet_group_name    = aws_elasticache_subnet_group.main.name
  security_group_ids   = [aws_security_group.broker_cache.id]

  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  transit_encryption_mode    = "required"

  auto_minor_version_upgrade = true
  maintenance_window         = "sun:04:30-sun:05:30"

  # AWS installs newer minor versions. A cache cannot go back to an older one, so Terraform would replace it.
  lifecycle {
    ignore_changes = [engine_version]
  }
}
