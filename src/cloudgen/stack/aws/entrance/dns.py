"""The domain: its zone, its certificate, and the records that lead to the load balancer."""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.spec.units import DAY
from cloudgen.stack.aws.addresses import CERTIFICATE
from cloudgen.stack.aws.alarms import Alarm, Metric
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.base import Address, Ref

CERTIFICATE_DAYS = 30
LONGEST_COMMON_NAME = 64
"""Characters: https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html"""


@dataclass(frozen=True)
class Dns:
    """The domain, rendered by dns.tf."""

    domain: str
    zone: str
    create_zone: bool
    certificate: bool
    alarms: tuple[Alarm, ...]

    @property
    def hosted_zone(self) -> Address:
        """The zone, made here or looked up by name."""
        return Address("aws_route53_zone" if self.create_zone else "data.aws_route53_zone", "main")

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Every block of dns.tf."""
        validation = (Address("aws_acm_certificate", "main"), Address("aws_route53_record", "validation"), CERTIFICATE)
        return (self.hosted_zone, *(validation if self.certificate else ()), Address("aws_route53_record", "main"))

    @property
    def zone_id(self) -> Ref:
        """The id of the zone."""
        return self.hosted_zone.zone_id


def dns(foundation: Foundation) -> Dns | None:
    """Decide the records; None without a domain."""
    spec = foundation.deployment.load_balancer
    if spec is None or spec.domain is None or spec.zone is None:
        return None
    if spec.tls == "managed" and len(spec.domain) > LONGEST_COMMON_NAME:
        foundation.problems.error(
            "domain-too-long",
            f"ACM gives no certificate for a domain of {len(spec.domain)} characters",
            ("load_balancer", "domain"),
            f"use one of at most {LONGEST_COMMON_NAME} characters",
        )
    if spec.create_zone:
        foundation.problems.warning(
            "delegate-zone",
            f"the new zone {spec.zone} has to be delegated before its certificate can be issued",
            ("load_balancer", "create_zone"),
            "the output's README says how to apply in two steps",
        )
    managed = spec.tls == "managed"
    return Dns(spec.domain, spec.zone, spec.create_zone, managed, (_ends_soon(foundation),) if managed else ())


def _ends_soon(foundation: Foundation) -> Alarm:
    """ACM renews a certificate 60 days before it ends: one with half of that left was not renewed.

    https://docs.aws.amazon.com/acm/latest/userguide/cloudwatch-metrics.html
    """
    return Alarm(
        label="certificate",
        name=f"{foundation.prefix}-certificate",
        description=(
            f"The certificate ends in less than {CERTIFICATE_DAYS} days and was not renewed: look at the record that "
            "proves the domain, and at CAA records"
        ),
        comparison="LessThanThreshold",
        threshold=CERTIFICATE_DAYS,
        evaluation_periods=1,
        datapoints_to_alarm=1,
        metric=Metric(
            "AWS/CertificateManager",
            "DaysToExpiry",
            "Minimum",
            {"CertificateArn": Address("aws_acm_certificate", "main").arn},
            period=DAY,
        ),
    )
