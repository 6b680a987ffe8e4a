"""ECS services: containers that run always, with or without a port."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cloudgen.dataclass import dataclass
from cloudgen.spec.containers import Kind
from cloudgen.stack.aws.alarms import Alarm, Metric, Query
from cloudgen.stack.aws.entrance.routes import way_in
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Role
from cloudgen.stack.aws.network.security_groups import SecurityGroup
from cloudgen.stack.aws.platforms.checks import tell_unasked, timeout
from cloudgen.stack.aws.platforms.containers.names import CAPACITY_PROVIDERS, CLUSTER
from cloudgen.stack.aws.platforms.containers.scaling import UNIT, Autoscaling, autoscaling
from cloudgen.stack.aws.platforms.containers.tasks import Task
from cloudgen.stack.aws.platforms.limits import limits
from cloudgen.stack.aws.platforms.workload import Entry, Identity, LogGroup
from cloudgen.stack.aws.scheduler import Schedule
from cloudgen.stack.base import Address, Template, join
from cloudgen.stack.summary import SummaryRow, instances_text
from cloudgen.stack.thresholds import MEMORY
from cloudgen.stack.workload import Given, Wanted

UNITS = {"cpu": "% on average", "requests": " a minute, each task", "messages": " waiting, each task"}
"""What `explain` says of a policy beside its target."""


@dataclass(frozen=True)
class Service:
    """A service or worker, rendered by services.tf."""

    task: Task
    desired_count: int
    entry: Entry | None
    port: int | None
    grace_period: int | None
    """Seconds during which a new task's failing health checks do not count; only with a target group."""
    scaling: Autoscaling | None
    before: tuple[Address, ...]
    alarms: tuple[Alarm, ...]
    release: tuple[str, ...]
    """The command that deploy.sh runs before the service gets a new version; empty where there is none."""
    single: bool
    """Whether the old task ends before the new one starts."""
    cluster: Address = CLUSTER
    schedule: Schedule | None = None

    @property
    def name(self) -> str:
        """The name in the spec."""
        return self.task.name

    @property
    def label(self) -> str:
        """The Terraform label."""
        return self.task.label

    @property
    def kind(self) -> Kind:
        """Why and how long it runs."""
        return self.task.kind

    @property
    def resource_id(self) -> Template:
        """How Application Auto Scaling calls the service."""
        return join("service/", CLUSTER.name, "/", self.address.name)

    @property
    def address(self) -> Address:
        """The service's address."""
        return _address(self.task)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Every block that it renders."""
        return (*self.task.blocks, self.address, *(self.scaling.blocks if self.scaling else ()))

    @property
    def identity(self) -> Identity:
        """The roles of its tasks."""
        return self.task.identity

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles of its tasks."""
        return self.identity.roles

    @property
    def security_groups(self) -> tuple[SecurityGroup, ...]:
        """The security group of its tasks."""
        return self.task.security_groups

    @property
    def logs(self) -> tuple[LogGroup, ...]:
        """The log of its tasks."""
        return self.task.logs

    @property
    def graphs(self) -> Mapping[str, Metric]:
        """How many tasks run, and how busy they are."""
        return {
            "Running tasks": _running(self.address),
            "CPU, %": _metric("AWS/ECS", "CPUUtilization", self.address),
            "Memory, %": _metric("AWS/ECS", "MemoryUtilization", self.address),
            **({"Machines needed, % of those there": self.task.pool.reservation} if self.task.pool else {}),
        }

    @property
    def differences(self) -> tuple[str, ...]:
        """What its tasks do in their own way."""
        return self.task.differences

    @property
    def given(self) -> Given:
        """Its tasks, and how many of them there are."""
        port = {"port": str(self.port)} if self.port else {}
        row = SummaryRow("containers", self.name, self.address.type, {**self.task.values, **port})
        return Given(self.task.size, self.task.lines, row, self._scaling_row)

    @property
    def _scaling_row(self) -> SummaryRow:
        if self.scaling is None:
            values = {"instances": instances_text(self.desired_count, self.desired_count)}
            return SummaryRow("scaling", self.name, self.address.type, values)
        values = {"instances": instances_text(self.scaling.min, self.scaling.max)}
        for policy in self.scaling.policies:
            values[policy.name] = f"{policy.target:g}{UNITS[policy.name]}"
        changes = len(self.scaling.schedules)
        if changes:
            values["by the clock"] = f"{changes} changes" if changes > 1 else "1 change"
        return SummaryRow("scaling", self.name, self.scaling.target.type, values)


def service(foundation: Foundation, wanted: Wanted, task: Task) -> Service:
    """Decide the service that runs a task definition."""
    entry = _entry(foundation, wanted, task) if wanted.routed else None
    scaling = limits(foundation, wanted, UNIT)
    tell_unasked(foundation, wanted)
    return Service(
        task=task,
        desired_count=scaling.min,
        entry=entry,
        port=wanted.spec.port,
        grace_period=wanted.spec.health_check.grace_period if entry else None,
        scaling=autoscaling(foundation, wanted, scaling, entry, task.backlog, _running(_address(task))),
        before=(*way_in(foundation.deployment, wanted.name), CAPACITY_PROVIDERS, *task.before),
        alarms=tuple(_alarms(foundation, task)),
        release=tuple(wanted.spec.release or ()),
        single=wanted.spec.replicas is not None,
    )


def _entry(foundation: Foundation, wanted: Wanted, task: Task) -> Entry:
    """How the load balancer reaches the tasks: by their own addresses."""
    check = wanted.spec.health_check
    return Entry(
        container=wanted.name,
        target_type="ip",
        port=wanted.spec.port or 80,
        path=check.path,
        success=check.success,
        interval=check.interval,
        timeout=timeout(foundation, wanted),
        peer=task.group,
        member=UNIT,
    )


def _address(task: Task) -> Address:
    return Address("aws_ecs_service", task.label)


def _running(service: Address) -> Metric:
    """How many of its tasks run."""
    return _metric("ECS/ContainerInsights", "RunningTaskCount", service)


def _metric(namespace: str, name: str, service: Address, period: int = 60) -> Metric:
    return Metric(namespace, name, "Average", {"ClusterName": CLUSTER.name, "ServiceName": service.name}, period)


def _alarms(foundation: Foundation, task: Task) -> Iterator[Alarm]:
    """CPU and memory in use, and tasks that do not come up.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html
    """
    name, address = task.name, _address(task)
    limits = (
        ("CPU", "CPUUtilization", foundation.deployment.monitoring.alerts.cpu),
        ("memory", "MemoryUtilization", MEMORY),
    )
    for title, metric, percent in limits:
        yield Alarm(
            label=f"{task.label}_service_{title.lower()}",
            name=f"{foundation.prefix}-{name}-service-{title.lower()}",
            description=f"{name} has used more than {percent:g}% of its {title} for 15 minutes",
            metric=_metric("AWS/ECS", metric, address, period=300),
            comparison="GreaterThanThreshold",
            threshold=percent,
            evaluation_periods=3,
            datapoints_to_alarm=3,
        )
    yield Alarm(
        label=f"{task.label}_service_tasks",
        name=f"{foundation.prefix}-{name}-service-tasks",
        description=f"Fewer tasks of {name} than wanted have run for 15 minutes",
        queries=(
            Query("missing", expression="desired - FILL(running, 0)", label="Missing tasks", return_data=True),
            Query("desired", metric=_metric("ECS/ContainerInsights", "DesiredTaskCount", address)),
            Query("running", metric=_running(address)),
        ),
        comparison="GreaterThanOrEqualToThreshold",
        threshold=1,
        evaluation_periods=15,
        datapoints_to_alarm=15,
    )
