"""Firewall rules of the network: what containers may reach, and who may reach them, each found by its network tag.

What no rule allows is denied, in both directions. Cloud Run takes requests past the network, so that only machines have
rules about the way in.
https://cloud.google.com/run/docs/configuring/vpc-direct-vpc#network-tags
"""

from __future__ import annotations

from collections.abc import Sequence

from cloudgen.dataclass import dataclass
from cloudgen.spec.networking import Egress
from cloudgen.stack.base import Address, Ref, Template, label
from cloudgen.stack.gcp.addresses import HTTPS
from cloudgen.stack.gcp.storage.resource import Endpoint
from cloudgen.stack.naming import fit

BALANCER_RANGES = ("35.191.0.0/16", "130.211.0.0/22")
"""Where Google's load balancers and health checks come from."""


@dataclass(frozen=True)
class FirewallRule:
    """A rule that lets the containers with certain tags out to certain ranges, or those ranges in to them, by TCP."""

    label: str
    name: str
    description: str
    ports: tuple[str, ...]
    ranges: tuple[str | Ref | Template, ...]
    tags: tuple[str, ...]
    inward: bool = False
    """Whether the ranges are let in."""

    @property
    def address(self) -> Address:
        """The rule's address."""
        return Address("google_compute_firewall", self.label)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The rule."""
        return (self.address,)


def network_tag(prefix: str, container: str) -> str:
    """The network tag of a container's instances, at most 63 characters."""
    return fit(f"{prefix}-{container}", 63)


def allow(prefix: str, container: str, resource: str, endpoint: Endpoint) -> FirewallRule:
    """Let one container out to one resource."""
    return FirewallRule(
        label=f"{label(container)}_to_{label(resource)}",
        # 63 characters is the limit of a firewall rule's name.
        name=fit(f"{prefix}-{container}-to-{resource}", 63),
        description=f"{container} to {endpoint.title}",
        ports=(str(endpoint.port),),
        ranges=tuple(endpoint.ranges),
        tags=(network_tag(prefix, container),),
    )


def allow_balancer(prefix: str, container: str, port: int) -> FirewallRule:
    """Let Google's load balancer and its health checks in to one container.

    https://cloud.google.com/load-balancing/docs/health-check-concepts#ip-ranges
    """
    return FirewallRule(
        label=f"load_balancer_to_{label(container)}",
        name=fit(f"{prefix}-load-balancer-to-{container}", 63),
        description=f"Load balancer and health checks to {container}",
        ports=(str(port),),
        ranges=BALANCER_RANGES,
        tags=(network_tag(prefix, container),),
        inward=True,
    )


def allow_out(prefix: str, container: str, way: Egress) -> FirewallRule:
    """Let one container out by a way that the spec adds."""
    return FirewallRule(
        label=f"{label(container)}_out_{way.label}",
        name=fit(f"{prefix}-{container}-out-{way.label.replace('_', '-')}", 63),
        description=f"{container} to {way.title}",
        ports=(str(way.port),),
        ranges=(way.to,),
        tags=(network_tag(prefix, container),),
    )


def allow_https(prefix: str, tags: Sequence[str]) -> FirewallRule:
    """Let all containers, by their network tags, out to the internet and to Google's own services, HTTPS only."""
    return FirewallRule(
        label=HTTPS.label,
        name=fit(f"{prefix}-https", 63),
        description="Containers to the internet and to Google Cloud's own services, HTTPS only",
        ports=("443",),
        ranges=("0.0.0.0/0",),
        tags=tuple(dict.fromkeys(tags)),
    )
