"""ECS task definitions: what services, workers and jobs have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cloudgen.dataclass import dataclass
from cloudgen.spec.containers import Kind
from cloudgen.stack.aws.addresses import BALANCER_GROUP, security_group
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Role, role
from cloudgen.stack.aws.network.security_groups import Rule, SecurityGroup
from cloudgen.stack.aws.platforms.connections import Connections, connections
from cloudgen.stack.aws.platforms.containers.definition import definition
from cloudgen.stack.aws.platforms.containers.machines import units
from cloudgen.stack.aws.platforms.containers.pools import Pool, pool_of, pools
from cloudgen.stack.aws.platforms.limits import Backlog, backlog
from cloudgen.stack.aws.platforms.workload import Around, Identity, LogGroup
from cloudgen.stack.aws.sizes import fargate_size
from cloudgen.stack.aws.storage.file_system import FileSystem
from cloudgen.stack.base import Address, Ref, label
from cloudgen.stack.contract import IMAGE_USER
from cloudgen.stack.folders import Folder, check_folders, folders
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
    pool: Pool | None
    """The machines that it runs on; None for Fargate."""
    pools: tuple[Pool, ...]
    """All that the cluster has."""
    capacity_provider: str | Ref
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
    """What `writable` names and goes with the task; each is a volume that begins with what the image has there."""
    kept: tuple[FileSystem, ...]
    """What `writable` names and stays."""
    built: bool
    """Whether cloudgen writes its Dockerfile."""
    container_definitions: Sequence[Mapping[str, Any]]
    before: tuple[Address, ...]
    """What has to exist before the task can start."""
    routes: tuple[Address, ...]
    """What connects its subnets, which nothing that it needs refers to."""
    backlog: Backlog | None
    """The messages that its number follows."""

    @property
    def compatibility(self) -> str:
        """What ECS checks the definition for."""
        return "EC2" if self.pool else "FARGATE"

    @property
    def runs_on(self) -> str:
        """What it runs on, in words."""
        if self.pool is None:
            return str(self.capacity_provider)
        each = "1 task" if self.pool.slots == 1 else f"{self.pool.slots} tasks"
        return f"EC2, {self.pool.type.name} {self.pool.price}, at most {each} a machine and {self.pool.most} machines"

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
        where = f"EC2, {self.pool.type.name}" if self.pool else "Fargate"
        return f"{where}, vCPU {self.cpu / 1024:g}, memory {self.memory} MiB, {self.architecture}"

    @property
    def lines(self) -> tuple[str, ...]:
        """What stands below its name in the picture."""
        return (self.kind, f"{self.cpu / 1024:g} vCPU")

    @property
    def values(self) -> Mapping[str, str]:
        """What `explain` shows of it."""
        return {
            "size": size_text(self.cpu / 1024, self.memory),
            "runs on": f"{self.runs_on}, {self.architecture}",
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
        who = "ECS" if self.pool else "Fargate"
        which = "that folder" if len(paths) == 1 else "these folders"
        return (f"{only}{who} gives {which} to root, unless the image has VOLUME {' '.join(paths)}: {otherwise}",)


def task(
    foundation: Foundation,
    wanted: Wanted,
    around: Around,
) -> Task:
    """Decide the task definition of a container."""
    name, container = wanted.name, wanted.spec
    links = connections(wanted, around)
    check_folders(wanted, foundation.problems)
    kept = tuple(each for each in links.resources if isinstance(each, FileSystem))
    _tell_kept(foundation, wanted, kept)
    log_group = Address("aws_cloudwatch_log_group", label(name))
    execution = role(
        foundation.account,
        foundation.prefix,
        f"{name}-execution",
        f"Starts {name}: pulls its image, writes its logs, reads its secrets",
        "ecs-tasks.amazonaws.com",
        links.starting(foundation, log_group),
        source_arn=foundation.account.arn("ecs", "*"),
    )
    application = role(
        foundation.account,
        foundation.prefix,
        f"{name}-task",
        f"What {name} itself may do",
        "ecs-tasks.amazonaws.com",
        links.grants,
        source_arn=foundation.account.arn("ecs", "*"),
    )
    found = pools(foundation, around.network, wanted.platform)
    pool = pool_of(foundation, found, wanted)
    # Docker lets everybody listen on any port of a network that is the container's own.
    if pool is None:
        _tell_low_port(foundation, wanted)
    cpu, memory = (units(wanted), wanted.memory) if pool else _size(foundation, wanted)
    group = _security_group(foundation, wanted, links)
    return Task(
        name=name,
        label=label(name),
        kind=container.kind,
        family=f"{foundation.prefix}-{name}",
        cpu=cpu,
        memory=memory,
        architecture={"amd64": "X86_64", "arm64": "ARM64"}[wanted.architecture],
        pool=pool,
        pools=found,
        capacity_provider=pool.address.name if pool else "FARGATE_SPOT" if wanted.capacity == "spot" else "FARGATE",
        log_group=f"/{foundation.prefix}/{name}",
        log_retention=foundation.log_retention,
        security_groups=(group,),
        execution_role=execution,
        task_role=application,
        scratch=container.is_read_only,
        folders=tuple(folder for folder in folders(container) if not folder.keep),
        kept=kept,
        built=container.built,
        container_definitions=[definition(foundation, wanted, links, around.secrets)],
        backlog=backlog(wanted, links),
        routes=tuple(
            block
            for block in around.network.blocks
            if block.type in {"aws_route", "aws_route_table_association"} and block.label != "isolated"
        ),
        before=links.before(
            *group.egress_addresses,
            execution.policy,
            *((application.policy,) if application.grants else ()),
        ),
    )


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


def _security_group(foundation: Foundation, wanted: Wanted, links: Connections) -> SecurityGroup:
    name, ingress = wanted.name, []
    if wanted.routed:
        description = f"load balancer to {name}"
        ingress.append(Rule(f"{label(name)}_from_load_balancer", description, None, peer=BALANCER_GROUP))
    return SecurityGroup(
        label(name),
        f"{foundation.prefix}-{name}-",
        f"Tasks of {name}",
        tuple(ingress),
        links.egress,
        scheduled=not wanted.runs_always,
    )


def _tell_kept(foundation: Foundation, wanted: Wanted, kept: Sequence[FileSystem]) -> None:
    """Tell in what a file system of EFS differs from a folder of the image."""
    for each in kept:
        foundation.problems.warning(
            "approximated",
            f"`{each.kept.folder.path}` of `{wanted.name}` is a file system of EFS: it begins empty, whatever the "
            "image has there, and all tasks share it",
            wanted.at("writable"),
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
