"""What the user wants to know after applying: addresses, names and endpoints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cloudgen.stack.base import join
from cloudgen.stack.gcp.addresses import BALANCER_ADDRESS, ZONE
from cloudgen.stack.gcp.entrance.dns import Dns
from cloudgen.stack.gcp.entrance.load_balancer import LoadBalancer
from cloudgen.stack.gcp.platforms.workload import Ground
from cloudgen.stack.gcp.storage.resource import Resource
from cloudgen.stack.outputs import Output


def outputs(
    balancer: LoadBalancer | None, dns: Dns | None, grounds: Sequence[Ground], resources: Sequence[Resource]
) -> Iterator[Output]:
    """Yield the outputs, the one that everybody wants first."""
    address = BALANCER_ADDRESS.address
    if balancer is not None:
        host = dns.domain if dns else address
        yield Output("url", "Where the application answers", join("https://" if balancer.https else "http://", host))
        yield Output("load_balancer", "IPv4 address of the load balancer", address)
    if dns is not None and dns.create_zone:
        servers = ZONE.name_servers
        yield Output("name_servers", "To be entered at the registrar of the domain", servers)
    for ground in grounds:
        yield from ground.outputs
    if resources:
        told = {variable.name: variable.value for resource in resources for variable in resource.environment}
        if told:
            yield Output("environment", "What containers are told about the storage that they connect to", told)
