# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The public entrance: an Application Load Balancer in front of the services.

resource "aws_security_group" "load_balancer" {
  name_prefix = "portal-staging-lb-"
  description = "Public load balancer"
  vpc_id      = aws_vpc.main.id

  tags = {
    Name = "portal-staging-lb"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer_http" {
  # checkov:skip=CKV_AWS_260: port 80 only redirects to HTTPS, on load_balancer.domain
  security_group_id = aws_security_group.load_balancer.id
  description       = "Visitors, HTTP; answered with a redirect to HTTPS"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer_https" {
  security_group_id = aws_security_group.load_balancer.id
  description       = "Visitors, HTTPS"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "load_balancer_to_api" {
  security_group_id            = aws_security_group.load_balancer.id
  description                  = "load balancer to api"
  referenced_security_group_id = aws_security_group.api.id

  # All ports: while a new port is rolled out, old tasks still serve on the old one.
  ip_protocol = "-1"
}

resource "aws_vpc_security_group_egress_rule" "load_balancer_to_site" {
  security_group_id            = aws_security_group.load_balancer.id
  description                  = "load balancer to site"
  referenced_security_group_id = aws_security_group.site.id

  # All ports: while a new port is rolled out, old tasks still serve on the old one.
  ip_protocol = "-1"
}

resource "aws_lb" "main" {
  # checkov:skip=CKV_AWS_150: security.deletion_protection is false
  name               = "portal-staging"
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

resource "aws_lb_target_group" "api" {
  # checkov:skip=CKV_AWS_378: load_balancer.tls ends at the balancer; only its security group reaches the containers
  # AWS completes the name, so that a replacement can exist beside the old group.
  # The port is required but not used: each task registers with its own. Terraform replaces a group whose port changes.
  name_prefix          = "api-"
  port                 = 80
  protocol             = "HTTP"
  target_type          = "ip"
  vpc_id               = aws_vpc.main.id
  deregistration_delay = 30

  health_check {
    path                = "/api/healthz"
    matcher             = "200"
    interval            = 15
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }

  tags = {
    Name = "portal-staging-api"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lb_target_group" "site" {
  # AWS completes the name, so that a replacement can exist beside the old group.
  # The port is required but not used: each task registers with its own. Terraform replaces a group whose port changes.
  name_prefix          = "site-"
  port                 = 80
  protocol             = "HTTP"
  target_type          = "ip"
  vpc_id               = aws_vpc.main.id
  deregistration_delay = 30

  health_check {
    path                = "/healthz"
    matcher             = "200"
    interval            = 15
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }

  tags = {
    Name = "portal-staging-site"
  }

  lifecycle {
    create_before_destroy = true
  }
}

# ---- Listeners

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.main.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"

    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }

  # Redirect only when the HTTPS listener exists.
  depends_on = [aws_lb_listener.https]
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.main.arn
  port              = 443
  protocol          = "HTTPS"

  # TLS 1.3 and 1.2, with forward secrecy and post-quantum key exchange. The default policy still allows TLS 1.0.
  ssl_policy = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"

  # The validated certificate, so that the listener waits for it.
  certificate_arn = aws_acm_certificate_validation.main.certificate_arn

  routing_http_response_strict_transport_security_header_value = "max-age=31536000"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.site.arn
  }
}

resource "aws_lb_listener_certificate" "alias_www_portal_example_com" {
  listener_arn    = aws_lb_listener.https.arn
  certificate_arn = aws_acm_certificate_validation.alias_www_portal_example_com.certificate_arn
}

# load_balancer.aliases: they redirect to the domain, before any path is looked at. Path and query stay as they are.
resource "aws_lb_listener_rule" "aliases" {
  listener_arn = aws_lb_listener.https.arn
  priority     = 1

  action {
    type = "redirect"

    redirect {
      host        = "portal.example.com"
      status_code = "HTTP_301"
    }
  }

  condition {
    host_header {
      values = ["www.portal.example.com"]
    }
  }
}

# The path alone decides the priority, so that a new route changes no other rule. Longer paths come first.

resource "aws_lb_listener_rule" "path_api_v2" {
  listener_arn = aws_lb_listener.https.arn
  priority     = 19274

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.api.arn
  }

  condition {
    path_pattern {
      values = ["/api/v2", "/api/v2/*"]
    }
  }
}

resource "aws_lb_listener_rule" "path_api" {
  listener_arn = aws_lb_listener.https.arn
  priority     = 26068

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.api.arn
  }

  condition {
    path_pattern {
      values = ["/api", "/api/*"]
    }
  }
}

# ---- Web application firewall

resource "aws_wafv2_web_acl" "main" {
  name        = "portal-staging"
  description = "Rules that AWS maintains, and a limit per address"
  scope       = "REGIONAL"

  default_action {
    allow {}
  }

  rule {
    name     = "rate-limit"
    priority = 0

    action {
      block {}
    }

    # Requests from one address in five minutes.
    statement {
      rate_based_statement {
        limit              = 2000
        aggregate_key_type = "IP"
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "rate-limit"
      sampled_requests_enabled   = true
    }
  }

  rule {
    name     = "ip-reputation"
    priority = 10

    override_action {
      none {}
    }

    statement {
      managed_rule_group_statement {
        vendor_name = "AWS"
        name        = "AWSManagedRulesAmazonIpReputationList"
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "ip-reputation"
      sampled_requests_enabled   = true
    }
  }

  # Counted and not blocked, because visitors use VPNs, too.
  rule {
    name     = "anonymous-ip"
    priority = 20

    override_action {
      count {}
    }

    statement {
      managed_rule_group_statement {
        vendor_name = "AWS"
        name        = "AWSManagedRulesAnonymousIpList"
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "anonymous-ip"
      sampled_requests_enabled   = true
    }
  }

  rule {
    name     = "known-bad-inputs"
    priority = 30

    override_action {
      none {}
    }

    statement {
      managed_rule_group_statement {
        vendor_name = "AWS"
        name        = "AWSManagedRulesKnownBadInputsRuleSet"
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "known-bad-inputs"
      sampled_requests_enabled   = true
    }
  }

  rule {
    name     = "common"
    priority = 40

    override_action {
      none {}
    }

    statement {
      managed_rule_group_statement {
        vendor_name = "AWS"
        name        = "AWSManagedRulesCommonRuleSet"

        # This rule would block every body over 8 KB, and so file uploads.
        rule_action_override {
          name = "SizeRestrictions_BODY"

          action_to_use {
            count {}
          }
        }
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "common"
      sampled_requests_enabled   = true
    }
  }

  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = "portal-staging"
    sampled_requests_enabled   = true
  }
}

resource "aws_wafv2_web_acl_association" "main" {
  resource_arn = aws_lb.main.arn
  web_acl_arn  = aws_wafv2_web_acl.main.arn
}

# WAF writes only to log groups whose name begins with aws-waf-logs-.
resource "aws_cloudwatch_log_group" "firewall" {
  # checkov:skip=CKV_AWS_338: monitoring.logs.retention is less than a year
  name              = "aws-waf-logs-portal-staging"
  retention_in_days = 90
  kms_key_id        = aws_kms_key.main.arn
}

resource "aws_wafv2_web_acl_logging_configuration" "main" {
  log_destination_configs = [aws_cloudwatch_log_group.firewall.arn]
  resource_arn            = aws_wafv2_web_acl.main.arn

  # Sessions and tokens must not reach the logs.
  redacted_fields {
    single_header {
      name = "authorization"
    }
  }

  redacted_fields {
    single_header {
      name = "cookie"
    }
  }
}
