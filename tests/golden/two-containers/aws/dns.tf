# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The domain: its zone, its certificate, and the record that points to the load balancer.

data "aws_route53_zone" "main" {
  name = "example.com"
}

resource "aws_acm_certificate" "main" {
  domain_name       = "portal.example.com"
  validation_method = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

# Proves the domain to ACM. ACM needs the record again for each renewal, so it must stay.
resource "aws_route53_record" "validation" {
  zone_id         = data.aws_route53_zone.main.zone_id
  name            = one(aws_acm_certificate.main.domain_validation_options).resource_record_name
  type            = one(aws_acm_certificate.main.domain_validation_options).resource_record_type
  ttl             = 300
  records         = [one(aws_acm_certificate.main.domain_validation_options).resource_record_value]
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "main" {
  certificate_arn         = aws_acm_certificate.main.arn
  validation_record_fqdns = [aws_route53_record.validation.fqdn]

  timeouts {
    create = "30m"
  }
}

resource "aws_acm_certificate" "alias_www_portal_example_com" {
  domain_name       = "www.portal.example.com"
  validation_method = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

# Proves the domain to ACM. ACM needs the record again for each renewal, so it must stay.
resource "aws_route53_record" "validation_www_portal_example_com" {
  zone_id         = data.aws_route53_zone.main.zone_id
  name            = one(aws_acm_certificate.alias_www_portal_example_com.domain_validation_options).resource_record_name
  type            = one(aws_acm_certificate.alias_www_portal_example_com.domain_validation_options).resource_record_type
  ttl             = 300
  records         = [one(aws_acm_certificate.alias_www_portal_example_com.domain_validation_options).resource_record_value]
  allow_overwrite = true

  # The domain and an alias can change places. What was there for one goes before it comes for the other.
  depends_on = [aws_route53_record.validation]
}

resource "aws_acm_certificate_validation" "alias_www_portal_example_com" {
  certificate_arn         = aws_acm_certificate.alias_www_portal_example_com.arn
  validation_record_fqdns = [aws_route53_record.validation_www_portal_example_com.fqdn]

  timeouts {
    create = "30m"
  }
}

resource "aws_route53_record" "main" {
  zone_id = data.aws_route53_zone.main.zone_id
  name    = "portal.example.com"
  type    = "A"

  alias {
    name                   = aws_lb.main.dns_name
    zone_id                = aws_lb.main.zone_id
    evaluate_target_health = true
  }
}

resource "aws_route53_record" "alias_www_portal_example_com" {
  zone_id = data.aws_route53_zone.main.zone_id
  name    = "www.portal.example.com"
  type    = "A"

  alias {
    name                   = aws_lb.main.dns_name
    zone_id                = aws_lb.main.zone_id
    evaluate_target_health = true
  }

  # As above: the domain's record first.
  depends_on = [aws_route53_record.main]
}
