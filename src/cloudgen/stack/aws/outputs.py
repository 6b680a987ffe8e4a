"""What the user wants to know after applying: addresses, names and endpoints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cloudgen.stack.aws.addresses import BALANCER
from cloudgen.stack.aws.entrance.dns import Dns
from cloudgen.stack.aws.entrance.load_balancer import LoadBalancer
from cloudgen.stack.aws.platforms.workload import Ground
from cloudgen.stack.aws.storage.resource import Resource
from cloudgen.stack.base import join
from cloudgen.stack.outputs import Output


def outputs(
    balancer: LoadBalancer | None, dns: Dns | None, grounds: Iterable[Ground], resources: Sequence[Resource]
) -> Iterator[Output]:
    """Yield the outputs, the one that everybody wants first."""
    if balancer is not None:
        host = dns.domain if dns else BALANCER.dns_name
        yield Output("url", "Where the application answers", join("https://" if balancer.https else "http://", host))
        yield Output("load_balancer", "DNS name of the load balancer", BALANCER.dns_name)
    if dns is not None and dns.create_zone:
        yield Output("name_servers", "To be entered at the registrar of the domain", dns.hosted_zone.name_servers)
    for ground in grounds:
        yield from ground.outputs
    if resources:
        told = {variable.name: variable.value for resource in resources for variable in resource.environment}
        yield Output("environment", "What containers are told about the storage that they connect to", told)
