"""Parts of an AWS stack for unit tests, made from a short spec."""

from __future__ import annotations

from cloudgen.spec.loader import loads
from cloudgen.spec.parse import parse
from cloudgen.stack import coordinate_models
from cloudgen.stack.aws.account import account
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.load_balancer import LoadBalancer, load_balancer
from cloudgen.stack.aws.network import network
from cloudgen.stack.aws.services import Service, service
from cloudgen.stack.aws.tasks import Task, task

HEAD = """
version: 1
name: shop
targets: {aws: {region: eu-west-1, account: "111122223333"}}
"""
WEB = "containers: {web: {port: 8000}}"


def make_foundation(body: str, head: str = HEAD) -> Foundation:
    """A foundation for a spec: production in eu-west-1 unless the spec says otherwise."""
    deployment = parse(loads(f"{head}{body}"), coordinate_models())
    return Foundation(deployment, account(deployment.targets.get("aws")))


def make_tasks(foundation: Foundation) -> list[Task]:
    """The task definitions of containers that use no storage and no secrets."""
    net = network(foundation, foundation.deployment.targets.get("aws"), [], [], data=False)
    return [task(foundation, name, each, net, {}, {}) for name, each in foundation.deployment.containers.items()]


def make_services(foundation: Foundation) -> tuple[LoadBalancer | None, list[Service]]:
    """The load balancer, and the services among the containers."""
    balancer = load_balancer(foundation)
    containers = foundation.deployment.containers
    running = [part for part in make_tasks(foundation) if part.kind != "job"]
    return balancer, [service(foundation, containers[part.name], part, balancer) for part in running]
