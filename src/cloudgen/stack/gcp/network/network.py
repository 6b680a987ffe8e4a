"""The network: a regional subnetwork for the containers, the way out, and the peering that Cloud SQL lives behind."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import Address, Ref, join
from cloudgen.stack.gcp.addresses import (
    DENY_EGRESS,
    NAT,
    NETWORK,
    ROUTER,
    SERVICES_CONNECTION,
    SERVICES_RANGE,
    SUBNETWORK,
)
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.logs import Origin
from cloudgen.stack.gcp.network.firewall import FirewallRule, allow_https
from cloudgen.stack.gcp.platforms.workload import Ground, Workload

DOCKER = ipaddress.IPv4Network("172.17.0.0/16")
"""The range of Docker's bridge, which servers of Cloud SQL use inside.

https://cloud.google.com/sql/docs/postgres/private-ip
"""


HIDDEN = ipaddress.IPv4Network("192.168.1.0/24")
"""A range that nothing on Cloud Run reaches by private addresses. https://cloud.google.com/run/docs/issues"""


@dataclass(frozen=True)
class ServicesRange:
    """The addresses that are handed to Google for Cloud SQL: where they begin, and how many."""

    name: str
    address: str
    prefix_length: int

    @property
    def reserved(self) -> Address:
        """The address of the range."""
        return SERVICES_RANGE


@dataclass(frozen=True)
class Network:
    """The network, rendered by network.tf."""

    name: str
    region: str
    subnetwork: str
    cidr: str
    """The range of the subnetwork."""
    nat: bool
    """Whether containers reach the internet."""
    services: ServicesRange | None
    flow_logs: bool
    rules: tuple[FirewallRule, ...]
    """What containers may reach."""
    keeps_addresses: bool
    """Whether a platform gives addresses back long after its workloads are gone."""

    @property
    def lets_in(self) -> bool:
        """Whether anybody from outside reaches anything in it."""
        return any(rule.inward for rule in self.rules)

    @property
    def id(self) -> Ref:
        """The network's id."""
        return NETWORK.id

    @property
    def subnetwork_id(self) -> Ref:
        """The id of the subnetwork that containers and endpoints have their addresses in."""
        return SUBNETWORK.id

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The network, the ways out of it, and the firewall rules."""
        return (
            NETWORK,
            SUBNETWORK,
            *((ROUTER, NAT) if self.nat else ()),
            *((SERVICES_RANGE, SERVICES_CONNECTION) if self.services else ()),
            DENY_EGRESS,
            *(rule.address for rule in self.rules),
        )

    @property
    def apis(self) -> tuple[str, ...]:
        """The API of Compute Engine."""
        return ("compute",)

    @property
    def logs(self) -> tuple[Origin, ...]:
        """What flowed, what was denied, and what found no way out."""
        flows = Origin("gce_subnetwork", "subnetwork_name", join(SUBNETWORK.name))
        return (flows, Origin("nat_gateway", "gateway_name", join(NAT.name))) if self.nat else (flows,)

    @property
    def router(self) -> Address:
        """The router of the NAT gateway."""
        return ROUTER

    @property
    def nat_name(self) -> str:
        """The name of the NAT gateway."""
        return f"{self.name}-nat"

    @property
    def deny_name(self) -> str:
        """The name of the rule that denies what no other rule allows."""
        return f"{self.name}-deny-egress"


def network(
    foundation: Foundation, workloads: Sequence[Workload], grounds: Sequence[Ground], *, private_services: bool
) -> Network:
    """Decide the network.

    The rules are those of the workloads; `private_services` says whether Cloud SQL is used.
    """
    spec = foundation.deployment.networking
    prefix = foundation.prefix
    cidr, services = _ranges(foundation)
    return Network(
        name=prefix,
        region=foundation.region,
        subnetwork=f"{prefix}-containers",
        cidr=cidr,
        # Cloud NAT belongs to the region and outlives any of its zones, so `single` and `per_zone` are the same here.
        nat=spec.nat != "none",
        services=services if private_services else None,
        flow_logs=spec.flow_logs,
        rules=(
            allow_https(prefix, [workload.peer for workload in workloads]),
            *(rule for workload in workloads for rule in workload.rules),
            *(rule for ground in grounds for rule in ground.rules),
        ),
        keeps_addresses=any(ground.keeps_addresses for ground in grounds),
    )


def _ranges(foundation: Foundation) -> tuple[str, ServicesRange]:
    """Cut the range: the first half for containers, the last quarter for Cloud SQL, the rest stays free.

    Every instance of Cloud Run takes up to two addresses while a new revision rolls out, and gives them back
    late; Cloud SQL takes a /24 for each region at the least.
    https://cloud.google.com/run/docs/configuring/vpc-direct-vpc#direct-vpc-ip-allocation
    https://cloud.google.com/sql/docs/postgres/configure-private-services-access
    """
    whole = ipaddress.IPv4Network(foundation.deployment.networking.cidr)
    name = f"{foundation.prefix}-services"
    if whole.overlaps(DOCKER):
        foundation.problems.error(
            "reserved-range",
            f"Cloud SQL keeps {DOCKER} for itself: clients from {whole} would get no answer",
            ("networking", "cidr"),
            "write a range such as 10.20.0.0/16",
        )
    if whole.overlaps(HIDDEN):
        foundation.problems.warning(
            "reserved-range",
            f"Cloud Run reaches nothing in {HIDDEN}, and what is in {whole} may get an address there",
            ("networking", "cidr"),
            "write a range such as 10.20.0.0/16",
        )
    if whole.prefixlen > 22:
        foundation.problems.error(
            "unfit-range",
            "the containers and the databases on Google Cloud need a range of /22 or larger",
            ("networking", "cidr"),
            "write a range such as 10.20.0.0/16",
        )
        return str(whole), ServicesRange(name, str(whole.network_address), 24)
    containers = next(iter(whole.subnets(prefixlen_diff=1)))
    last = list(whole.subnets(prefixlen_diff=2))[-1]
    return str(containers), ServicesRange(name, str(last.network_address), last.prefixlen)
