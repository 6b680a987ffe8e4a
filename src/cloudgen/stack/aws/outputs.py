"""What the user wants to know after applying: addresses, names and endpoints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cloudgen.stack.aws.entrance.dns import Dns
from cloudgen.stack.aws.entrance.load_balancer import LoadBalancer
from cloudgen.stack.aws.platforms.containers.services import Service
from cloudgen.stack.aws.storage.resource import Resource
from cloudgen.stack.base import Address, Ref, join
from cloudgen.stack.outputs import Output


def outputs(
    balancer: LoadBalancer | None, dns: Dns | None, services: Sequence[Service], resources: Sequence[Resource]
) -> Iterator[Output]:
    """Yield the outputs, the one that everybody wants first."""
    if balancer is not None:
        host = dns.domain if dns else Address("aws_lb", "main").dns_name
        yield Output("url", "Where the application answers", join("https://" if balancer.https else "http://", host))
        yield Output("load_balancer", "DNS name of the load balancer", Address("aws_lb", "main").dns_name)
    if dns is not None and dns.create_zone:
        servers = Address("aws_route53_zone", "main").name_servers
        yield Output("name_servers", "To be entered at the registrar of the domain", servers)
    yield Output("cluster", "Name of the ECS cluster", Ref("aws_ecs_cluster.main.name"))
    if services:
        yield Output("services", "Names of the ECS services", {s.label: s.address.name for s in services})
    if resources:
        told = {variable.name: variable.value for resource in resources for variable in resource.environment}
        yield Output("environment", "What containers are told about the storage that they connect to", told)
