"""Parts of an AWS stack for unit tests, made from a short spec."""

from __future__ import annotations

import pytest

from cloudgen.errors import SpecError
from cloudgen.spec.loader import loads
from cloudgen.spec.parse import parse
from cloudgen.stack import coordinate_models
from cloudgen.stack.aws.arns import account
from cloudgen.stack.aws.entrance.load_balancer import LoadBalancer, load_balancer
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.network.network import network
from cloudgen.stack.aws.platforms.containers import ground, workload
from cloudgen.stack.aws.platforms.containers.ground import Cluster
from cloudgen.stack.aws.platforms.containers.services import Service
from cloudgen.stack.aws.platforms.containers.tasks import Task, task
from cloudgen.stack.aws.platforms.workload import Around, Workload
from cloudgen.stack.aws.stack import build
from cloudgen.stack.workload import wanted

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


def around(foundation: Foundation) -> Around:
    """What workloads stand in that use no storage and no secrets."""
    return Around(network(foundation, foundation.deployment.targets.get("aws"), [], [], data=False), {}, {})


def make_tasks(foundation: Foundation) -> list[Task]:
    """The task definitions of containers that use no storage and no secrets."""
    near = around(foundation)
    return [task(foundation, each, near) for each in wanted(foundation.deployment)]


def make_workloads(foundation: Foundation) -> list[Workload]:
    """The services and jobs of containers that use no storage and no secrets."""
    near = around(foundation)
    return [workload(foundation, each, near) for each in wanted(foundation.deployment)]


def make_cluster(foundation: Foundation) -> Cluster:
    """The cluster with these services and jobs."""
    return ground(foundation, make_workloads(foundation))


def make_balancer(foundation: Foundation) -> LoadBalancer | None:
    """The load balancer in front of these services."""
    return load_balancer(foundation, {each.name: each.entry for each in make_workloads(foundation) if each.entry})


def make_services(foundation: Foundation) -> tuple[LoadBalancer | None, list[Service]]:
    """The load balancer, and the services among the containers."""
    return make_balancer(foundation), list(make_cluster(foundation).services)


def refused(foundation: Foundation) -> list[tuple[str, str]]:
    """Code and path of each problem for which the whole stack is refused."""
    with pytest.raises(SpecError) as failure:
        build(foundation.deployment)
    return [(problem.code, ".".join(map(str, problem.path))) for problem in failure.value.problems]
