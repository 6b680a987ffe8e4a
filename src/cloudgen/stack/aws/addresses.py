"""Addresses of blocks that several parts refer to. Each block is rendered by the part that it belongs to."""

from __future__ import annotations

from cloudgen.stack.base import Address, label

NETWORK = Address("aws_vpc", "main")
KEY = Address("aws_kms_key", "main")
BALANCER = Address("aws_lb", "main")
BALANCER_GROUP = Address("aws_security_group", "load_balancer")
CERTIFICATE = Address("aws_acm_certificate_validation", "main")
"""The certificate, once it is validated."""
PUBLIC_INTERNET = Address("aws_route", "public_internet")
"""The public subnets' way to the internet."""
ACCESS_LOGS_POLICY = Address("aws_s3_bucket_policy", "access_logs")
TOPIC = Address("aws_sns_topic", "alerts")
"""Carries the alarms."""
SCHEDULE_GROUP = Address("aws_scheduler_schedule_group", "main")


def target_group(container: str) -> Address:
    """The target group of a container."""
    return Address("aws_lb_target_group", label(container))


def security_group(name: str) -> Address:
    """The security group of something with this name."""
    return Address("aws_security_group", label(name))
