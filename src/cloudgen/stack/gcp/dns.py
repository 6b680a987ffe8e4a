"""The domain: its zone, its certificate, and the records that lead to the load balancer."""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import Address, Ref
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.naming import fit


@dataclass(frozen=True)
class Dns:
    """The domain, rendered by dns.tf."""

    domain: str
    zone: str
    create_zone: bool
    certificate: bool
    name: str
    """What the certificate, its map and the zone are called."""

    @property
    def zone_name(self) -> Ref:
        """The name of the zone in Cloud DNS, made here or found by its domain."""
        return Address("google_dns_managed_zone", "main").name if self.create_zone else Ref("local.zone")

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
    return Dns(spec.domain, spec.zone, spec.create_zone, spec.tls == "managed", fit(foundation.prefix, 63))
