"""The domain: its zone, its certificate, and the records that lead to the load balancer."""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.errors import SpecPath
from cloudgen.spec.units import DAY
from cloudgen.stack.aliases import Alias, aliases
from cloudgen.stack.aws.alarms import Alarm, Metric
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.base import Address, Ref

RECORD = Address("aws_route53_record", "main")
"""The record of the domain."""
PROOF = Address("aws_route53_record", "validation")
"""What proves the domain to ACM."""

CERTIFICATE_DAYS = 30
LONGEST_COMMON_NAME = 64
"""Characters: https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html"""
LONGEST_CONDITION = 128
"""Characters of a host that a rule compares with.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_HostHeaderConditionConfig.html
"""


@dataclass(frozen=True)
class Name:
    """The domain or an alias: its record, and its own certificate.

    With a certificate for each name, another alias leaves the domain's as it is, and one that is not issued holds up
    no other.
    """

    domain: str
    alias: Alias | None = None

    @property
    def label(self) -> str:
        """What its blocks are called."""
        return self.alias.labelled if self.alias else "main"

    @property
    def record(self) -> Address:
        """The record that leads to the load balancer."""
        return Address("aws_route53_record", self.alias.labelled) if self.alias else RECORD

    @property
    def proof(self) -> Address:
        """The record that proves the name to ACM."""
        return Address("aws_route53_record", f"validation_{self.alias.label}") if self.alias else PROOF

    @property
    def certificate(self) -> Address:
        """The certificate, as it is asked for."""
        return Address("aws_acm_certificate", self.label)

    @property
    def issued(self) -> Address:
        """The certificate, once it is validated."""
        return Address("aws_acm_certificate_validation", self.label)

    @property
    def asked(self) -> Ref:
        """The record that ACM asks for."""
        return Ref(f"one({self.certificate}.domain_validation_options)")

    @property
    def record_after(self) -> tuple[Address, ...]:
        """The record that comes, and goes, before this one: a name can be the domain first and an alias next."""
        return (RECORD,) if self.alias else ()

    @property
    def proof_after(self) -> tuple[Address, ...]:
        """The same for what proves it."""
        return (PROOF,) if self.alias else ()

    @property
    def blocks(self) -> tuple[Address, ...]:
        """What proves the name."""
        return (self.certificate, self.proof, self.issued)


@dataclass(frozen=True)
class Dns:
    """The domain and its aliases, rendered by dns.tf."""

    domain: str
    aliases: tuple[Name, ...]
    zone: str
    create_zone: bool
    certificate: bool
    alarms: tuple[Alarm, ...]

    @property
    def names(self) -> tuple[Name, ...]:
        """The domain, and its aliases."""
        return (Name(self.domain), *self.aliases)

    @property
    def certified(self) -> tuple[Name, ...]:
        """The names that have a certificate."""
        return self.names if self.certificate else ()

    @property
    def hosted_zone(self) -> Address:
        """The zone, made here or looked up by name."""
        return Address("aws_route53_zone" if self.create_zone else "data.aws_route53_zone", "main")

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Every block of dns.tf."""
        proofs = (block for name in self.certified for block in name.blocks)
        return (self.hosted_zone, *proofs, *(name.record for name in self.names))

    @property
    def zone_id(self) -> Ref:
        """The id of the zone."""
        return self.hosted_zone.zone_id


def dns(foundation: Foundation) -> Dns | None:
    """Decide the records; None without a domain."""
    spec = foundation.deployment.load_balancer
    if spec is None or spec.domain is None or spec.zone is None:
        return None
    managed = spec.tls == "managed"
    _check(foundation, spec.domain, ("load_balancer", "domain"), managed=managed)
    for index, alias in enumerate(spec.aliases):
        _check(foundation, alias, ("load_balancer", "aliases", index), managed=managed)
    if spec.create_zone:
        foundation.problems.warning(
            "delegate-zone",
            f"the new zone {spec.zone} has to be delegated before its certificate can be issued",
            ("load_balancer", "create_zone"),
            "the output's README says how to apply in two steps",
        )
    domain, others = Name(spec.domain), tuple(Name(alias.name, alias) for alias in aliases(foundation.deployment))
    return Dns(
        domain=spec.domain,
        aliases=others,
        zone=spec.zone,
        create_zone=spec.create_zone,
        certificate=managed,
        alarms=tuple(_ends_soon(foundation, name) for name in (domain, *others)) if managed else (),
    )


def _check(foundation: Foundation, name: str, path: SpecPath, *, managed: bool) -> None:
    if managed and len(name) > LONGEST_COMMON_NAME:
        foundation.problems.error(
            "domain-too-long",
            f"ACM gives no certificate for a domain of {len(name)} characters",
            path,
            f"use one of at most {LONGEST_COMMON_NAME} characters",
        )
    elif path[1] == "aliases" and len(name) > LONGEST_CONDITION:
        foundation.problems.error(
            "domain-too-long",
            f"a rule of the load balancer compares with no name of {len(name)} characters",
            path,
            f"use one of at most {LONGEST_CONDITION} characters",
        )


def _ends_soon(foundation: Foundation, name: Name) -> Alarm:
    """ACM renews a certificate 60 days before it ends: one with half of that left was not renewed.

    https://docs.aws.amazon.com/acm/latest/userguide/cloudwatch-metrics.html
    """
    alias = name.alias
    return Alarm(
        label=f"certificate_{alias.label}" if alias else "certificate",
        name=f"{foundation.prefix}-certificate{f'-{alias.name}' if alias else ''}",
        description=(
            f"The certificate {f'of {alias.name} ' if alias else ''}ends in less than {CERTIFICATE_DAYS} days and was "
            f"not renewed: look at the record that proves the {'name' if alias else 'domain'}, and at CAA records"
        ),
        comparison="LessThanThreshold",
        threshold=CERTIFICATE_DAYS,
        evaluation_periods=1,
        datapoints_to_alarm=1,
        metric=Metric(
            "AWS/CertificateManager",
            "DaysToExpiry",
            "Minimum",
            {"CertificateArn": name.certificate.arn},
            period=DAY,
        ),
    )
