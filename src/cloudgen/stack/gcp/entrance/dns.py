"""The domain: its zone, its certificate, and the records that lead to the load balancer."""

from __future__ import annotations

import hashlib

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import Address, Ref, Template, join
from cloudgen.stack.gcp.addresses import (
    AUTHORIZATION,
    CERTIFICATE,
    CERTIFICATE_MAP,
    CERTIFICATE_MAP_ENTRY,
    PROOF,
    RECORD,
    ZONE,
    ZONES,
)
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.naming import fit

LIMIT = 63
"""Characters of a name in Certificate Manager and in Cloud DNS.

https://cloud.google.com/certificate-manager/docs/reference/certificate-manager/rest
"""


@dataclass(frozen=True)
class Proof:
    """The record that proves that the domain is ours, as Certificate Manager asks for it."""

    @property
    def name(self) -> Ref:
        """Its name."""
        return _record("name")

    @property
    def type(self) -> Ref:
        """Its type."""
        return _record("type")

    @property
    def data(self) -> Ref:
        """What it says."""
        return _record("data")


def _record(attribute: str) -> Ref:
    return Ref(f"{AUTHORIZATION}.dns_resource_record[0].{attribute}")


@dataclass(frozen=True)
class Dns:
    """The domain, rendered by dns.tf."""

    domain: str
    zone: str
    create_zone: bool
    certificate: bool
    name: str
    """What the certificate map is called."""
    domain_name: str
    """What the certificate is called, and what proves the domain: another domain, another name."""
    zone_id: str
    """What a zone that is made here is called: another domain, another name."""

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Zone, records and certificate."""
        certificate = (AUTHORIZATION, PROOF, CERTIFICATE, CERTIFICATE_MAP, CERTIFICATE_MAP_ENTRY)
        return (ZONE if self.create_zone else ZONES, RECORD, *(certificate if self.certificate else ()))

    @property
    def apis(self) -> tuple[str, ...]:
        """The API of Cloud DNS."""
        return ("dns",)

    @property
    def zones(self) -> Ref:
        """The zones of the project, where the zone exists already."""
        return ZONES.managed_zones

    @property
    def authorization(self) -> Address:
        """By which Google asks for a proof that the domain is ours."""
        return AUTHORIZATION

    @property
    def proof(self) -> Proof:
        """The record that Google looks for."""
        return Proof()

    @property
    def proven(self) -> tuple[Address, ...]:
        """What has to exist before the certificate can be asked for."""
        return (PROOF,)

    @property
    def certificate_address(self) -> Address:
        """The certificate."""
        return CERTIFICATE

    @property
    def map(self) -> Address:
        """Which certificate answers for which host."""
        return CERTIFICATE_MAP

    @property
    def certificate_map(self) -> Template:
        """The map, as a proxy names it."""
        return join("//certificatemanager.googleapis.com/", CERTIFICATE_MAP.id)

    @property
    def certificate_ready(self) -> tuple[Address, ...]:
        """What has to exist before the proxy has a certificate to answer with."""
        return (CERTIFICATE_MAP_ENTRY,)

    @property
    def zone_name(self) -> Ref:
        """The name of the zone in Cloud DNS, made here or found by its domain."""
        return ZONE.name if self.create_zone else Ref("local.zone")

    @property
    def zone_domain(self) -> str:
        """The zone's domain as Cloud DNS writes it, with a dot at the end."""
        return f"{self.zone}."

    @property
    def record(self) -> str:
        """The domain as Cloud DNS writes it."""
        return f"{self.domain}."

    @property
    def missing(self) -> str:
        """What Terraform says when the zone does not exist."""
        return f"The project has no public zone {self.zone} in Cloud DNS, or more than one."


def dns(foundation: Foundation) -> Dns | None:
    """Decide the records; None without a domain."""
    spec = foundation.deployment.load_balancer
    if spec is None or spec.domain is None or spec.zone is None:
        return None
    if spec.create_zone:
        foundation.problems.warning(
            "delegate-zone",
            f"the new zone {spec.zone} has to be delegated before its certificate can be issued",
            ("load_balancer", "create_zone"),
            "enter the output name_servers at the registrar",
        )
    return Dns(
        domain=spec.domain,
        zone=spec.zone,
        create_zone=spec.create_zone,
        certificate=spec.tls == "managed",
        # 63 characters, of which eight are a hyphen and the hash.
        name=fit(foundation.prefix, LIMIT),
        domain_name=f"{fit(foundation.prefix, LIMIT - 8)}-{_hash(spec.domain)}",
        zone_id=f"{fit(foundation.prefix, LIMIT - 8)}-{_hash(spec.zone)}",
    )


def _hash(domain: str) -> str:
    """Seven characters that tell domains apart."""
    return hashlib.sha256(domain.encode()).hexdigest()[:7]
