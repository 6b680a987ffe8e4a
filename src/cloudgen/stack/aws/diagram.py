"""The picture in the output's README and beside it, drawn from the same parts of the stack as the Terraform."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cloudgen.stack.aws.parity import TITLE
from cloudgen.stack.diagram import STYLES, TITLES, edges
from cloudgen.stack.flowchart import Flowchart, Group, Node

if TYPE_CHECKING:
    from cloudgen.stack.aws.stack import AwsStack


def diagram(stack: AwsStack) -> Flowchart:
    """Draw what a request, a schedule and a message meet on their way, with the network's tiers as boxes."""
    groups = (
        Group("", tuple(_outside(stack)), 0),
        Group("Public subnets", tuple(_public(stack)), 1),
        Group("Private subnets: Fargate", tuple(_containers(stack)), 2),
        Group("Isolated subnets", tuple(_isolated(stack)), 3),
        Group("Regional services", tuple(_regional(stack)), 3),
        Group("The account", tuple(_account(stack)), 3),
    )
    arrows = edges(stack.deployment, entrance=bool(stack.load_balancer), way_out=stack.network.has_nat)
    return Flowchart(f"{stack.prefix} on {TITLE}, {stack.account.region}", groups, tuple(arrows), STYLES)


def _outside(stack: AwsStack) -> Iterator[Node]:
    if stack.load_balancer:
        yield Node("visitors", ("Visitors",), "outside")
    if stack.network.has_nat:
        yield Node("internet", ("Internet",), "outside")


def _public(stack: AwsStack) -> Iterator[Node]:
    balancer = stack.load_balancer
    if balancer:
        protocol = "HTTPS" if balancer.https else "HTTP"
        firewall = ("Web application firewall",) if balancer.firewall else ()
        yield Node("load-balancer", (*firewall, f"Application Load Balancer, {protocol}"), "entrance")
    if stack.network.has_nat:
        count = len(stack.network.nat_zones)
        yield Node("nat", ("NAT gateway" if count == 1 else f"{count} NAT gateways",), "entrance")


def _containers(stack: AwsStack) -> Iterator[Node]:
    for task in stack.tasks:
        yield Node(f"container:{task.name}", (task.name, task.kind, f"{task.cpu / 1024:g} vCPU"), "runs")


def _isolated(stack: AwsStack) -> Iterator[Node]:
    storage = stack.deployment.storage
    for database in stack.databases:
        spec = storage.databases[database.name]
        yield Node(
            f"storage:{database.name}", (database.name, f"RDS {TITLES[spec.engine]} {spec.major_version}"), "stores"
        )
    for cache in stack.caches:
        engine = TITLES[storage.caches[cache.name].engine]
        yield Node(f"storage:{cache.name}", (cache.name, f"ElastiCache {engine}"), "stores")


def _regional(stack: AwsStack) -> Iterator[Node]:
    if stack.jobs:
        yield Node("scheduler", ("EventBridge Scheduler",), "entrance")
    for bucket in stack.buckets:
        yield Node(f"storage:{bucket.name}", (bucket.name, "S3 bucket"), "stores")
    for queue in stack.queues:
        yield Node(f"storage:{queue.name}", (queue.name, "SQS queue"), "stores")
    for secret in stack.secrets:
        yield Node(f"secret:{secret.name}", (secret.name, "secret"), "stores")
    yield Node("alerts", (f"{len(stack.monitoring.alarms)} alarms", "SNS topic"), "watches")


def _account(stack: AwsStack) -> Iterator[Node]:
    if stack.audit:
        yield Node("audit", ("Audit trail", "CloudTrail, AWS Config"), "watches")
