"""ECS task definitions: what services, workers and jobs have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cloudgen.dataclass import dataclass
from cloudgen.spec.containers import Kind
from cloudgen.stack.aws.addresses import BALANCER_GROUP, security_group
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Grant, Role, role
from cloudgen.stack.aws.images import pull
from cloudgen.stack.aws.network.network import Network
from cloudgen.stack.aws.network.security_groups import Rule, SecurityGroup
from cloudgen.stack.aws.platforms.containers.definition import definition, distinct
from cloudgen.stack.aws.platforms.workload import Around, Identity, LogGroup
from cloudgen.stack.aws.sizes import fargate_size
from cloudgen.stack.aws.storage.resource import Resource
from cloudgen.stack.base import Address, join, label
from cloudgen.stack.contract import IMAGE_USER
from cloudgen.stack.folders import Folder, check_folders, folders, refuse_kept
from cloudgen.stack.summary import size_text
from cloudgen.stack.workload import Wanted

LOWEST_PORT = 1024
"""The first port of everybody: ip_unprivileged_port_start of Linux."""


@dataclass(frozen=True)
class Task:
    """A task definition with what belongs to it alone: its log group, its security group and its two roles."""

    name: str
    label: str
    kind: Kind
    family: str
    cpu: int
    """CPU units; 1024 are a vCPU."""
    memory: int
    """MiB."""
    architecture: str
    capacity_provider: str
    log_group: str
    log_retention: int
    security_groups: tuple[SecurityGroup, ...]
    execution_role: Role
    """Used by ECS to start the task: pulls the image, writes logs, reads the secrets that the spec names."""
    task_role: Role
    """Used by the application: what `connects_to` grants, nothing else."""
    scratch: bool
    """Whether /tmp is a volume, because the root file system is read-only."""
    folders: tuple[Folder, ...]
    """What `writable` names; each is a volume that begins with what the image has there."""
    built: bool
    """Whether cloudgen writes its Dockerfile."""
    container_definitions: Sequence[Mapping[str, Any]]
    before: tuple[Address, ...]
    """What has to exist before the task can start."""
    routes: tuple[Address, ...]
    """What connects its subnets, which nothing that it needs refers to."""

    @property
    def address(self) -> Address:
        """The task definition's address."""
        return Address("aws_ecs_task_definition", self.label)

    @property
    def log_group_address(self) -> Address:
        """The log group's address."""
        return Address("aws_cloudwatch_log_group", self.label)

    @property
    def group(self) -> Address:
        """The security group's address."""
        return security_group(self.name)

    @property
    def identity(self) -> Identity:
        """Its two roles."""
        return Identity(own=self.task_role, starter=self.execution_role)

    @property
    def logs(self) -> tuple[LogGroup, ...]:
        """Its log group."""
        return (LogGroup(self.log_group_address, self.log_retention),)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Every block of _task.tf.j2."""
        rules = (address for group in self.security_groups for address in group.addresses)
        return (self.log_group_address, *rules, self.address)

    @property
    def size(self) -> str:
        """What it gets, for the README."""
        return f"Fargate, vCPU {self.cpu / 1024:g}, memory {self.memory} MiB, {self.architecture}"

    @property
    def lines(self) -> tuple[str, ...]:
        """What stands below its name in the picture."""
        return (self.kind, f"{self.cpu / 1024:g} vCPU")

    @property
    def values(self) -> Mapping[str, str]:
        """What `explain` shows of it."""
        return {
            "size": size_text(self.cpu / 1024, self.memory),
            "runs on": f"{self.capacity_provider}, {self.architecture}",
        }

    @property
    def differences(self) -> tuple[str, ...]:
        """What an image that cloudgen does not build has to do itself."""
        if self.built:
            return ()
        if not self.scratch and not self.folders:
            return (
                f"The root file system of {self.name} can be written, because cloudgen does not make its image. "
                "If it writes to /tmp alone, read_only: true keeps everybody from changing the rest.",
            )
        paths = [*(["/tmp"] if self.scratch else []), *(folder.path for folder in self.folders)]  # noqa: S108
        named = " and ".join(paths)
        only = f"{self.name} can write to {named} only. " if self.scratch else ""
        otherwise = "add it, or write read_only: false." if self.scratch else "add it to its Dockerfile."
        which = "that folder" if len(paths) == 1 else "these folders"
        return (f"{only}Fargate gives {which} to root, unless the image has VOLUME {' '.join(paths)}: {otherwise}",)


def task(
    foundation: Foundation,
    wanted: Wanted,
    around: Around,
) -> Task:
    """Decide the task definition of a container."""
    name, container = wanted.name, wanted.spec
    _tell_low_port(foundation, wanted)
    check_folders(wanted, foundation.problems)
    refuse_kept(wanted, "files that stay would take EFS, which is not rendered yet", foundation.problems)
    used = [(around.resources[use.name], use.verb) for use in wanted.uses]
    own_secrets = [around.secrets[secret] for secret in wanted.secrets]
    log_group = Address("aws_cloudwatch_log_group", label(name))
    execution = role(
        foundation.account,
        foundation.prefix,
        f"{name}-execution",
        f"Starts {name}: pulls its image, writes its logs, reads its secrets",
        "ecs-tasks.amazonaws.com",
        [
            *pull(foundation, wanted),
            Grant("WriteLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], [join(log_group.arn, ":*")]),
            *_merged(
                [grant for secret in own_secrets for grant in secret.secret_grants]
                + [grant for resource in distinct(used) for grant in resource.secret_grants]
            ),
        ],
        source_arn=foundation.account.arn("ecs", "*"),
    )
    application = role(
        foundation.account,
        foundation.prefix,
        f"{name}-task",
        f"What {name} itself may do",
        "ecs-tasks.amazonaws.com",
        _merged([grant for resource, verb in used for grant in resource.grants(verb)]),
        source_arn=foundation.account.arn("ecs", "*"),
    )
    cpu, memory = _size(foundation, wanted)
    group = _security_group(foundation, wanted, around.network, used)
    return Task(
        name=name,
        label=label(name),
        kind=container.kind,
        family=f"{foundation.prefix}-{name}",
        cpu=cpu,
        memory=memory,
        architecture={"amd64": "X86_64", "arm64": "ARM64"}[wanted.architecture],
        capacity_provider="FARGATE_SPOT" if wanted.capacity == "spot" else "FARGATE",
        log_group=f"/{foundation.prefix}/{name}",
        log_retention=foundation.log_retention,
        security_groups=(group,),
        execution_role=execution,
        task_role=application,
        scratch=container.is_read_only,
        folders=folders(container),
        built=container.built,
        container_definitions=[definition(foundation, wanted, used, around.secrets)],
        routes=tuple(
            block
            for block in around.network.blocks
            if block.type in {"aws_route", "aws_route_table_association"} and block.label != "isolated"
        ),
        before=tuple(
            dict.fromkeys(
                [*around.network.way_out(name), *group.egress_addresses, execution.policy]
                + ([application.policy] if application.grants else [])
                + [address for secret in own_secrets for address in secret.before]
                + [address for resource, _ in used for address in resource.before]
                + [
                    Address("aws_vpc_security_group_ingress_rule", f"{label(resource.name)}_from_{label(name)}")
                    for resource, _ in used
                    if resource.endpoint is not None
                ]
            )
        ),
    )


def _merged(grants: Sequence[Grant]) -> list[Grant]:
    """One statement for grants that differ only in their resources, and no statement twice."""
    merged: dict[tuple[str, tuple[str, ...]], Grant] = {}
    for grant in grants:
        key = (grant.sid, tuple(grant.actions))
        known = merged.get(key)
        resources = list(dict.fromkeys([*(known.resources if known else ()), *grant.resources]))
        merged[key] = Grant(grant.sid, grant.actions, resources, grant.conditions)
    return list(merged.values())


def _size(foundation: Foundation, wanted: Wanted) -> tuple[int, int]:
    vcpu, memory, step = wanted.vcpu, wanted.memory, wanted.size_at
    size = fargate_size(vcpu, memory)
    if size is None:
        foundation.problems.error(
            "no-such-size",
            f"Fargate has no size with {vcpu:g} vCPU and {memory} MiB",
            step,
            "the largest has 16 vCPU and 120Gi; memory goes with CPU: at most 8Gi for 1 vCPU, 16Gi for 2, 30Gi for 4",
        )
        return 256, 512
    units, offered = size
    if (units, offered) != (int(vcpu * 1024), memory):
        foundation.problems.warning(
            "rounded-size",
            f"Fargate has no size with {vcpu:g} vCPU and {memory} MiB: "
            f"container `{wanted.name}` gets {units / 1024:g} vCPU and {offered} MiB",
            step,
        )
    return units, offered


def _security_group(
    foundation: Foundation,
    wanted: Wanted,
    network: Network,
    used: Sequence[tuple[Resource, str | None]],
) -> SecurityGroup:
    name, ingress = wanted.name, []
    if wanted.routed:
        description = f"load balancer to {name}"
        ingress.append(Rule(f"{label(name)}_from_load_balancer", description, None, peer=BALANCER_GROUP))
    egress = list(network.egress(name, wanted.spec.egress))
    for resource in distinct(used):
        if resource.endpoint is not None:
            rule = f"{label(name)}_to_{label(resource.name)}"
            title = f"{name} to {resource.endpoint.title}"
            egress.append(Rule(rule, title, resource.endpoint.port, peer=resource.endpoint.group))
    return SecurityGroup(
        label(name),
        f"{foundation.prefix}-{name}-",
        f"Tasks of {name}",
        tuple(ingress),
        tuple(egress),
        scheduled=not wanted.runs_always,
    )


def _tell_low_port(foundation: Foundation, wanted: Wanted) -> None:
    """Warn of a port for root alone. Fargate keeps that rule of Linux, and gives no way to change it.

    https://github.com/aws/containers-roadmap/issues/1721. Whom an image of the user's runs as is not known here.
    """
    container = wanted.spec
    if container.port is None or container.port >= LOWEST_PORT:
        return
    if container.built or container.user is not None:
        foundation.problems.warning(
            "out-of-range",
            f"`{wanted.name}` runs as user {container.user or IMAGE_USER}, and on Fargate port {container.port} "
            "is for root alone",
            wanted.at("port"),
            f"use a port from {LOWEST_PORT} on, such as 8000: what the load balancer answers on stays the same",
        )
