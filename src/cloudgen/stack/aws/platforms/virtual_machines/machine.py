"""A group of machines: a launch template says how one starts, and an Auto Scaling group keeps some of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudgen.dataclass import dataclass
from cloudgen.spec.containers import Kind
from cloudgen.stack.aws.addresses import BALANCER_GROUP, security_group
from cloudgen.stack.aws.alarms import Alarm, Metric
from cloudgen.stack.aws.entrance.routes import way_in
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Role, role, role_name
from cloudgen.stack.aws.network.security_groups import Rule, SecurityGroup
from cloudgen.stack.aws.platforms.checks import tell_unasked, timeout
from cloudgen.stack.aws.platforms.connections import Connections, connections, merged
from cloudgen.stack.aws.platforms.groups import group_metric, session
from cloudgen.stack.aws.platforms.virtual_machines.boot import settings
from cloudgen.stack.aws.platforms.virtual_machines.hardware import chosen_type
from cloudgen.stack.aws.platforms.virtual_machines.scaling import (
    METRICS,
    UNIT,
    Autoscaling,
    autoscaling,
    units,
)
from cloudgen.stack.aws.platforms.virtual_machines.watching import alarms, cpu
from cloudgen.stack.aws.platforms.workload import Around, Entry, Identity, LogGroup
from cloudgen.stack.aws.scheduler import Schedule
from cloudgen.stack.aws.sizes import MachineType
from cloudgen.stack.base import Address, Pair, Ref, label, pairs
from cloudgen.stack.naming import labels
from cloudgen.stack.summary import SummaryRow, instances_text
from cloudgen.stack.workload import Given, Wanted

BOOT = 120
"""Seconds that a machine takes until it starts its container: Amazon Linux, Docker, the image."""
DISK = 20
"""GiB of a machine's disk: the system, the image, and what the container writes while it runs."""
SURGE = 150
"""Percent of the machines that there may be while some are replaced; never are fewer than 100 in service."""


@dataclass(frozen=True)
class Machines:
    """A service or worker on machines, rendered by virtual_machines.tf."""

    name: str
    label: str
    kind: Kind
    group_name: str
    """The name of the group and of its launch template."""
    profile_name: str
    type: MachineType
    architecture: str
    """In the words of Amazon Linux."""
    spot: bool
    settings: Mapping[str, Any]
    tags: Mapping[str, str]
    log_group: str
    log_retention: int
    security_groups: tuple[SecurityGroup, ...]
    role: Role
    entry: Entry | None
    grace_period: int
    """Seconds that a new machine has before it counts: until then it is starting."""
    scaling: Autoscaling
    before: tuple[Address, ...]
    alarms: tuple[Alarm, ...]
    schedule: Schedule | None = None
    metrics: tuple[str, ...] = METRICS
    disk: int = DISK
    surge: int = SURGE

    @property
    def address(self) -> Address:
        """The Auto Scaling group's address."""
        return Address("aws_autoscaling_group", self.label)

    @property
    def tag_list(self) -> tuple[Pair, ...]:
        """Its tags, one by one."""
        return pairs(self.tags)

    @property
    def template(self) -> Address:
        """The launch template's address."""
        return Address("aws_launch_template", self.label)

    @property
    def profile(self) -> Address:
        """The instance profile's address, by which a machine holds its role."""
        return Address("aws_iam_instance_profile", self.label)

    @property
    def log(self) -> Address:
        """The log group's address."""
        return Address("aws_cloudwatch_log_group", self.label)

    @property
    def image(self) -> Address:
        """The image of the operating system, which all groups of one architecture share."""
        return Address("data.aws_ssm_parameter", f"amazon_linux_{self.architecture}")

    @property
    def group(self) -> Address:
        """The security group's address."""
        return security_group(self.name)

    @property
    def description(self) -> str:
        """What a version of the launch template is for; another capacity makes a version of its own."""
        return f"{self.name}, {'spot' if self.spot else 'on demand'}"

    @property
    def health_check_type(self) -> str:
        """Who says that a machine is broken: the load balancer, or EC2 where nobody asks the container."""
        return "ELB" if self.entry else "EC2"

    @property
    def ignored(self) -> tuple[Ref, ...]:
        """What Terraform leaves alone: deploy.sh rolls a version out, and schedules write the limits."""
        block = (
            "mixed_instances_policy[0].launch_template[0].launch_template_specification"
            if self.spot
            else "launch_template"
        )
        limits = ("min_size", "max_size") if self.scaling.schedules else ()
        return tuple(map(Ref, (f"{block}[0].version", *limits)))

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Every block of _group.tf.j2."""
        rules = (address for group in self.security_groups for address in group.addresses)
        return (self.log, *rules, self.profile, self.template, self.address, *self.scaling.blocks)

    @property
    def identity(self) -> Identity:
        """One role: a machine starts its container by itself."""
        return Identity(own=self.role)

    @property
    def roles(self) -> tuple[Role, ...]:
        """That role."""
        return self.identity.roles

    @property
    def logs(self) -> tuple[LogGroup, ...]:
        """The log of its containers."""
        return (LogGroup(self.log, self.log_retention),)

    @property
    def graphs(self) -> Mapping[str, Metric]:
        """How many machines there are, and how busy they are."""
        return {
            "Machines in service": group_metric("GroupInServiceInstances", self.address),
            "CPU of machines, %": cpu(self.address),
        }

    @property
    def differences(self) -> tuple[str, ...]:
        """What machines do in their own way."""
        found = [
            f"{self.name} has {instances_text(self.scaling.min, self.scaling.max)} machines of its own. The program on "
            "them has the machine's role: beside what connects_to grants, it may pull its own image, write its own log "
            "and read its own secrets once more.",
            f"How much memory {self.name} uses is not watched: EC2 does not see it.",
        ]
        if self.type.baseline is not None:
            found.append(
                f"{self.type.name} has {self.type.baseline:g} vCPU at all times and {self.type.vcpu:g} in bursts; "
                "more than that for long costs extra."
            )
        if self.entry is None:
            found.append(
                f"Nobody asks whether {self.name} works: where it ends it is started again, on the same machine."
            )
        return tuple(found)

    @property
    def given(self) -> Given:
        """Its machines, and how many of them there are."""
        size = f"{self.type.vcpu:g} vCPU, {self.type.memory} GiB"
        values = {"size": size, "runs on": f"{self.type.name}, {'spot' if self.spot else 'on demand'}"}
        if self.entry:
            values["port"] = str(self.entry.port)
        row = SummaryRow("containers", self.name, self.address.type, values)
        scaled = {"instances": instances_text(self.scaling.min, self.scaling.max)}
        for policy in self.scaling.policies:
            scaled |= units(policy)
        changes = len(self.scaling.schedules)
        if changes:
            scaled["by the clock"] = f"{changes} changes" if changes > 1 else "1 change"
        scaling = SummaryRow("scaling", self.name, self.address.type, scaled)
        return Given(f"EC2, {self.type.name}: {size}, {self.architecture}", (self.kind, self.type.name), row, scaling)


def machines(foundation: Foundation, wanted: Wanted, around: Around) -> Machines:
    """Decide the machines of a container."""
    name = wanted.name
    links = connections(wanted, around)
    log = Address("aws_cloudwatch_log_group", label(name))
    group = _security_group(foundation, wanted, links)
    own = role(
        foundation.account,
        foundation.prefix,
        f"{name}-machine",
        f"Machines of {name}: start it, and what {name} itself may do",
        "ec2.amazonaws.com",
        merged([*links.starting(foundation, log), *links.grants, *session(foundation)]),
        # EC2 gives a role to machines of its own account only, and says on whose behalf to nobody.
        bound=False,
    )
    entry = _entry(foundation, wanted) if wanted.routed else None
    tell_unasked(foundation, wanted)
    address = Address("aws_autoscaling_group", label(name))
    return Machines(
        name=name,
        label=label(name),
        kind=wanted.kind,
        group_name=f"{foundation.prefix}-{name}",
        # Instance profiles belong to all regions of an account, as roles do.
        profile_name=role_name(foundation.account, f"{foundation.prefix}-{name}-machine"),
        type=chosen_type(foundation, wanted),
        architecture={"amd64": "x86_64", "arm64": "arm64"}[wanted.architecture],
        spot=wanted.interruptible,
        settings=settings(foundation, wanted, links, around.secrets, log),
        tags={"Name": f"{foundation.prefix}-{name}", **labels(foundation.deployment)},
        log_group=f"/{foundation.prefix}/{name}",
        log_retention=foundation.log_retention,
        security_groups=(group,),
        role=own,
        entry=entry,
        grace_period=BOOT + (wanted.spec.health_check.grace_period if entry else 0),
        scaling=autoscaling(foundation, wanted, links, address, entry),
        before=(*way_in(foundation.deployment, name), *links.before(*group.egress_addresses, own.policy)),
        alarms=tuple(alarms(foundation, name, address)),
    )


def _entry(foundation: Foundation, wanted: Wanted) -> Entry:
    """How the load balancer reaches the machines: as instances, on the container's port."""
    check = wanted.spec.health_check
    return Entry(
        container=wanted.name,
        target_type="instance",
        port=wanted.spec.port or 80,
        path=check.path,
        success=check.success,
        interval=check.interval,
        timeout=timeout(foundation, wanted),
        peer=security_group(wanted.name),
        member=UNIT,
    )


def _security_group(foundation: Foundation, wanted: Wanted, links: Connections) -> SecurityGroup:
    """Who the machines are in the network.

    The description is the one that tasks have: AWS replaces a group whose description changes, and while a container
    changes its platform both kinds have to reach its database.
    """
    name, ingress = wanted.name, []
    if wanted.routed:
        rule = f"{label(name)}_from_load_balancer"
        ingress.append(Rule(rule, f"load balancer to {name}", wanted.spec.port, peer=BALANCER_GROUP))
    return SecurityGroup(label(name), f"{foundation.prefix}-{name}-", f"Tasks of {name}", tuple(ingress), links.egress)
