"""EventBridge Scheduler: what starts workloads by the clock, and who learns that it could not.

A platform brings what is started and with which grants. The group of the schedules, its alarm and its graph are
shared by all platforms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cloudgen.dataclass import dataclass
from cloudgen.stack.aws.addresses import SCHEDULE_GROUP
from cloudgen.stack.aws.alarms import Alarm, Metric
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Condition, Grant, Role, role
from cloudgen.stack.aws.platforms.schedules import expression
from cloudgen.stack.base import Address
from cloudgen.stack.naming import fit
from cloudgen.stack.workload import Wanted


@dataclass(frozen=True)
class Schedule:
    """When EventBridge Scheduler starts a workload, and with which role."""

    label: str
    name: str
    expression: str
    timezone: str
    role: Role
    """Used by EventBridge Scheduler to start this one workload."""
    group: Address = SCHEDULE_GROUP

    @property
    def address(self) -> Address:
        """The schedule's address."""
        return Address("aws_scheduler_schedule", self.label)


@dataclass(frozen=True)
class Scheduler:
    """The group of all schedules, rendered by the partial `_schedule_group.tf.j2`."""

    group: str
    alarms: tuple[Alarm, ...]
    graphs: Mapping[str, Metric]
    """What is drawn in one graph: the metric of each line by the line's name."""

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The group; schedules belong to the workloads."""
        return (SCHEDULE_GROUP,)


def schedule(foundation: Foundation, container: Wanted, label: str, grants: Sequence[Grant]) -> Schedule:
    """Decide when a container is started. `grants` are what starting it takes on its platform.

    Raises `ValueError` for a container without a schedule.
    https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role
    """
    wanted = container.spec.schedule
    if wanted is None:
        raise ValueError(f"{container.name} has no schedule")
    account, group = foundation.account, foundation.prefix
    # 64 characters is the limit of a schedule's name.
    name = fit(f"{foundation.prefix}-{container.name}", 64)
    granted = list(grants)
    if foundation.key is not None:
        # https://docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html
        schedule_arn = account.arn("scheduler", f"schedule/{group}/{name}")
        context = Condition("ArnEquals", "kms:EncryptionContext:aws:scheduler:schedule:arn", (schedule_arn,))
        granted.append(Grant("ReadSchedule", ("kms:Decrypt",), (foundation.key,), (context,)))
    starter = role(
        account,
        foundation.prefix,
        f"{container.name}-scheduler",
        f"Starts {container.name} by the clock",
        "scheduler.amazonaws.com",
        granted,
        # The group, not the schedule: a trust that names the schedule is refused when the schedule is made.
        # https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
        source_arn=account.arn("scheduler", f"schedule-group/{group}"),
    )
    when = expression(foundation, wanted.cron, container.at("schedule", "cron"))
    return Schedule(label, name, when, wanted.timezone, starter)


def scheduler(foundation: Foundation, schedules: Sequence[Schedule]) -> Scheduler | None:
    """Decide the group of the schedules; None where nothing is started by the clock.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html
    """
    if not schedules:
        return None
    group = {"ScheduleGroup": SCHEDULE_GROUP.name}
    errors = Alarm(
        label="scheduler_errors",
        name=f"{foundation.prefix}-scheduler-errors",
        description="EventBridge Scheduler could not start a job",
        metric=Metric("AWS/Scheduler", "TargetErrorCount", "Sum", group, period=300),
        comparison="GreaterThanThreshold",
        threshold=0,
        evaluation_periods=1,
        datapoints_to_alarm=1,
    )
    dropped = Alarm(
        label="scheduler_dropped",
        name=f"{foundation.prefix}-scheduler-dropped",
        description="EventBridge Scheduler gave up starting a job: a run is missing",
        metric=Metric("AWS/Scheduler", "InvocationDroppedCount", "Sum", group, period=300),
        comparison="GreaterThanThreshold",
        threshold=0,
        evaluation_periods=1,
        datapoints_to_alarm=1,
    )
    return Scheduler(
        foundation.prefix,
        (errors, dropped),
        {
            "attempts": Metric("AWS/Scheduler", "InvocationAttemptCount", "Sum", group),
            "errors": Metric("AWS/Scheduler", "TargetErrorCount", "Sum", group),
        },
    )
