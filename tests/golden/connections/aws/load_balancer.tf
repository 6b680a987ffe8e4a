# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The public entrance: an Application Load Balancer in front of the services.

resource "aws_security_group" "load_balancer" {
  name_prefix = "desk-dev-lb-"
  description = "Public load balancer"
  vpc_id      = aws_vpc.main.id

  tags = {
    Name = "desk-dev-lb"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer_http" {
  # checkov:skip=CKV_AWS_260: load_balancer.domain is missing, or load_balancer.tls is none
  security_group_id = aws_security_group.load_balancer.id
  description       = "Visitors, HTTP"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
}

resource "aws_vpc_security_group_egress_rule" "load_balancer_to_web" {
  security_group_id            = aws_security_group.load_balancer.id
  description                  = "load balancer to web"
  referenced_security_group_id = aws_security_group.web.id

  # All ports: while a new port is rolled out, old tasks still serve on the old one.
  ip_protocol = "-1"
}

resource "aws_lb" "main" {
  # checkov:skip=CKV2_AWS_20: load_balancer.domain is missing, or load_balancer.tls is none
  # checkov:skip=CKV2_AWS_28: load_balancer.waf is false
  # checkov:skip=CKV_AWS_150: security.deletion_protection is false
  name               = "desk-dev"
  internal           = false
  load_balancer_type = "application"
  security_groups    = [aws_security_group.load_balancer.id]
  subnets            = [for subnet in aws_subnet.public : subnet.id]

  access_logs {
    bucket  = aws_s3_bucket.access_logs.id
    prefix  = "load-balancer"
    enabled = true
  }

  # Rejects malformed requests, which servers interpret differently.
  drop_invalid_header_fields = true
  desync_mitigation_mode     = "defensive"

  enable_deletion_protection = false

  # AWS refuses a public load balancer without an internet gateway, and one that cannot write its log.
  depends_on = [aws_route.public_internet, aws_s3_bucket_policy.access_logs]
}

resource "aws_lb_target_group" "web" {
  # checkov:skip=CKV_AWS_378: load_balancer.domain is missing, or load_balancer.tls is none
  # AWS completes the name, so that a replacement can exist beside the old group.
  # The port is required but not used: each task registers with its own. Terraform replaces a group whose port changes.
  name_prefix          = "web-"
  port                 = 80
  protocol             = "HTTP"
  target_type          = "ip"
  vpc_id               = aws_vpc.main.id
  deregistration_delay = 30

  health_check {
    path                = "/healthz"
    matcher             = "200,302"
    interval            = 15
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }

  tags = {
    Name = "desk-dev-web"
  }

  lifecycle {
    create_before_destroy = true
  }
}

# ---- Listeners

# Plain HTTP: the spec names no domain, or switches TLS off.
resource "aws_lb_listener" "http" {
  # checkov:skip=CKV_AWS_2: load_balancer.domain is missing, or load_balancer.tls is none
  # checkov:skip=CKV_AWS_103: load_balancer.domain is missing, or load_balancer.tls is none
  load_balancer_arn = aws_lb.main.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}
