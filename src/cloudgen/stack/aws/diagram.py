"""The picture in the output's README and beside it, drawn from the same parts of the stack as the Terraform."""

from __future__ import annotations

from collections.abc import Iterator

from cloudgen.stack.aws.parity import TITLE
from cloudgen.stack.aws.parts import AwsParts
from cloudgen.stack.diagram import STYLES, edges
from cloudgen.stack.flowchart import Flowchart, Group, Node
from cloudgen.stack.workload import wanted


def diagram(stack: AwsParts) -> Flowchart:
    """Draw what a request, a schedule and a message meet on their way, with the network's tiers as boxes."""
    groups = (
        Group("", tuple(_outside(stack)), 0),
        Group("Public subnets", tuple(_public(stack)), 1),
        *_private(stack),
        Group("Isolated subnets", tuple(_stored(stack, isolated=True)), 3),
        Group("Regional services", tuple(_regional(stack)), 3),
        Group("The account", tuple(_account(stack)), 3),
    )
    arrows = edges(stack.deployment, entrance=bool(stack.load_balancer), way_out=stack.network.has_nat)
    return Flowchart(f"{stack.prefix} on {TITLE}, {stack.account.region}", groups, tuple(arrows), STYLES)


def _outside(stack: AwsParts) -> Iterator[Node]:
    if stack.load_balancer:
        yield Node("visitors", ("Visitors",), "outside")
    if stack.network.has_nat:
        yield Node("internet", ("Internet",), "outside")


def _public(stack: AwsParts) -> Iterator[Node]:
    balancer = stack.load_balancer
    if balancer:
        protocol = "HTTPS" if balancer.https else "HTTP"
        firewall = ("Web application firewall",) if balancer.firewall else ()
        yield Node("load-balancer", (*firewall, f"Application Load Balancer, {protocol}"), "entrance")
    if stack.network.has_nat:
        count = len(stack.network.nat_zones)
        yield Node("nat", ("NAT gateway" if count == 1 else f"{count} NAT gateways",), "entrance")


def _private(stack: AwsParts) -> Iterator[Group]:
    """A box for each platform."""
    platforms = {each.name: each.platform for each in wanted(stack.deployment)}
    for name, ground in stack.platforms.kinds.items():
        own = (each for each in stack.workloads if platforms[each.name] == name)
        nodes = (Node(f"container:{each.name}", (each.name, *each.given.lines), "runs") for each in own)
        yield Group(f"Private subnets: {ground.title}", tuple(nodes), 2)


def _stored(stack: AwsParts, *, isolated: bool) -> Iterator[Node]:
    """What has an address in the isolated subnets, or what has a public API."""
    for resource in stack.storage:
        if (resource.endpoint is not None) is isolated:
            yield Node(f"storage:{resource.name}", (resource.name, resource.picture), "stores")


def _regional(stack: AwsParts) -> Iterator[Node]:
    if stack.scheduler:
        yield Node("scheduler", ("EventBridge Scheduler",), "entrance")
    yield from _stored(stack, isolated=False)
    for secret in stack.secrets:
        yield Node(f"secret:{secret.name}", (secret.name, "secret"), "stores")
    yield Node("alerts", (f"{len(stack.monitoring.alarms)} alarms", "SNS topic"), "watches")


def _account(stack: AwsParts) -> Iterator[Node]:
    if stack.audit:
        yield Node("audit", ("Audit trail", "CloudTrail, AWS Config"), "watches")
