"""A platform for AWS, as small as one can be: what its own package must bring, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cloudgen.spec.containers import Kind
from cloudgen.stack.aws.addresses import BALANCER_GROUP, security_group
from cloudgen.stack.aws.alarms import Alarm, Metric
from cloudgen.stack.aws.entrance.routes import way_in
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Role, role
from cloudgen.stack.aws.network.security_groups import Rule, SecurityGroup
from cloudgen.stack.aws.platforms.containers.parity import PARITY as CONTAINERS
from cloudgen.stack.aws.platforms.workload import Around, Entry, Identity, LogGroup, Workload
from cloudgen.stack.base import Address, Template, label
from cloudgen.stack.held import Held
from cloudgen.stack.outputs import Output
from cloudgen.stack.parity import Table, exact
from cloudgen.stack.readme import Example, File
from cloudgen.stack.summary import SummaryRow
from cloudgen.stack.text import Markdown, ShellText
from cloudgen.stack.workload import Given, Step, Told, Wanted, told

RUNS = "fake nodes"
FILES = (File("nodes.tf", "platforms.kubernetes", "nodes"),)
PARITY: Table = {**CONTAINERS, "containers.*.scaling.cpu": exact("nodes are never busy")}


@dataclass(frozen=True)
class Node:
    """A container on a node, rendered by nodes.tf."""

    name: str
    kind: Kind
    size: str
    environment: Mapping[str, Any]
    identity: Identity
    security_groups: tuple[SecurityGroup, ...]
    entry: Entry | None
    before: tuple[Address, ...]
    logs: tuple[LogGroup, ...] = ()
    schedule: None = None
    alarms: tuple[Alarm, ...] = ()
    differences: tuple[str, ...] = ("Nodes are fake.",)

    @property
    def label(self) -> str:
        """The Terraform label."""
        return label(self.name)

    @property
    def peer(self) -> Address:
        """Its security group."""
        return security_group(self.name)

    @property
    def roles(self) -> tuple[Role, ...]:
        """Its one role."""
        return self.identity.roles

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The node, and who it is in the network."""
        rules = (address for group in self.security_groups for address in group.addresses)
        return (*rules, Address("aws_instance", self.label))

    @property
    def graphs(self) -> Mapping[str, Metric]:
        """How busy it is."""
        instance = {"InstanceId": Address("aws_instance", self.label).id}
        return {"CPU, %": Metric("AWS/EC2", "CPUUtilization", "Average", instance)}

    @property
    def given(self) -> Given:
        """A small node."""
        row = SummaryRow("containers", self.name, "aws_instance", {"size": self.size})
        return Given(f"EC2, {self.size}", (self.kind, self.size), row)


@dataclass(frozen=True)
class Nodes:
    """All nodes."""

    nodes: tuple[Workload, ...]
    title: str = "EC2"
    blocks: tuple[Address, ...] = ()
    roles: tuple[Role, ...] = ()
    security_groups: tuple[SecurityGroup, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    publishes: bool = False
    held: tuple[Held, ...] = ()
    key_users: tuple[Template, ...] = ()
    changes: tuple[Markdown, ...] = ()
    outputs: tuple[Output, ...] = (Output("nodes", "Whether there are nodes", value=True),)
    steps: tuple[Step, ...] = (Step("Nodes", (ShellText("aws ec2 describe-instances"),), ("jq",)),)
    costs: tuple[str, ...] = ("the nodes",)
    left_behind: tuple[str, ...] = ()
    steps_before_destroy: tuple[Step, ...] = (Step("Nodes", (ShellText("echo goodbye"),)),)

    @property
    def example(self) -> Example:
        """Change a node."""
        return Example("nodes_override.tf", Markdown('resource "aws_instance" "web"'))

    @property
    def restart(self) -> Markdown:
        """Start the nodes again."""
        return Markdown("`aws ec2 reboot-instances`")


def needs(containers: Sequence[Wanted]) -> tuple[str, ...]:
    """The endpoint that nodes are steered by."""
    return ("ssm",)


def peer(container: Wanted) -> Address:
    """The security group of a container's node."""
    return security_group(container.name)


def workload(foundation: Foundation, container: Wanted, around: Around) -> Node:
    """Decide the node of a container."""
    used = [(around.resources[use.name], use.verb) for use in container.uses]
    given = Told(tuple(variable for resource, _ in used for variable in resource.environment))
    variables = told(container, given, around.secrets, foundation.problems).variables
    grants = [grant for resource, verb in used for grant in resource.grants(verb)]
    name, check, port = container.name, container.spec.health_check, container.spec.port or 80
    own = role(foundation.account, foundation.prefix, f"{name}-instance", name, "ec2.amazonaws.com", grants)
    ingress = (Rule(f"{label(name)}_from_load_balancer", f"load balancer to {name}", port, peer=BALANCER_GROUP),)
    group = SecurityGroup(label(name), f"{foundation.prefix}-{name}-", f"Node of {name}", ingress)
    entry = Entry(
        name, "instance", port, check.path, check.success, check.interval, check.timeout, peer(container), "node"
    )
    return Node(
        name=name,
        kind=container.kind,
        size="t3.small",
        environment={variable.name: variable.value for variable in variables},
        identity=Identity(own),
        security_groups=(group,),
        entry=entry if container.routed else None,
        before=(*way_in(foundation.deployment, name), *around.network.way_out(name)),
    )


def ground(foundation: Foundation, workloads: Sequence[Workload]) -> Nodes:
    """All nodes."""
    return Nodes(tuple(workloads))
