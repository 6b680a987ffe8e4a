"""Jobs: containers that EventBridge Scheduler starts by the clock, and how somebody learns that one failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cloudgen.dataclass import dataclass, replace
from cloudgen.spec.containers import Container, Kind
from cloudgen.spec.containers import Schedule as ScheduleSpec
from cloudgen.stack.aws.alarms import Alarm, Metric
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Condition, Grant, Role
from cloudgen.stack.aws.network.security_groups import SecurityGroup
from cloudgen.stack.aws.platforms.containers.names import CAPACITY_PROVIDERS, CLUSTER
from cloudgen.stack.aws.platforms.containers.tasks import Task
from cloudgen.stack.aws.platforms.workload import Entry, Identity, LogGroup
from cloudgen.stack.aws.scheduler import Schedule, schedule
from cloudgen.stack.base import Address, join
from cloudgen.stack.naming import fit
from cloudgen.stack.summary import SummaryRow, duration_text
from cloudgen.stack.workload import Given, Wanted

KILL_AFTER = 30
"""Seconds between the polite end of a job that takes too long (SIGTERM) and the hard one (SIGKILL)."""


@dataclass(frozen=True)
class Job:
    """A task definition with the schedule that starts it, rendered by jobs.tf."""

    task: Task
    schedule: Schedule
    timeout: int | None
    """Seconds after which timeout(1) ends the task; None where nothing does."""
    retries: int
    """How often EventBridge Scheduler tries again to start the task; not how often a failed task is repeated."""
    before: tuple[Address, ...]
    cluster: Address = CLUSTER
    entry: Entry | None = None
    alarms: tuple[Alarm, ...] = ()

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
    def blocks(self) -> tuple[Address, ...]:
        """Every block that it renders."""
        return (*self.task.blocks, self.schedule.address)

    @property
    def identity(self) -> Identity:
        """The roles of its task."""
        return self.task.identity

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles of its task, and the one that starts it."""
        return (*self.identity.roles, self.schedule.role)

    @property
    def security_groups(self) -> tuple[SecurityGroup, ...]:
        """The security group of its task."""
        return self.task.security_groups

    @property
    def logs(self) -> tuple[LogGroup, ...]:
        """The log of its task."""
        return self.task.logs

    @property
    def graphs(self) -> Mapping[str, Metric]:
        """None: its starts are drawn with those of all jobs."""
        return {}

    @property
    def differences(self) -> tuple[str, ...]:
        """What its task does in its own way, and who ends it."""
        if self.timeout is None:
            return self.task.differences
        limit = f"{self.name} ends after {self.timeout} seconds by timeout(1) in its command: ECS itself sets no limit."
        return (*self.task.differences, limit)

    @property
    def given(self) -> Given:
        """Its task, and when it is started."""
        values = {
            **self.task.values,
            "schedule": f"{self.schedule.expression} {self.schedule.timezone}",
            "timeout": duration_text(self.timeout) if self.timeout else "none",
            "retries": f"{self.retries} of the start",
        }
        row = SummaryRow("containers", self.name, self.schedule.address.type, values)
        return Given(self.task.size, self.task.lines, row)


@dataclass(frozen=True)
class FailedJobs:
    """The rule that reports the jobs that failed."""

    rule_name: str
    event_pattern: Mapping[str, Any]
    message_paths: Mapping[str, str]
    message: str

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The rule and its target."""
        return tuple(Address(f"aws_cloudwatch_event_{part}", "failed_jobs") for part in ("rule", "target"))


def job(foundation: Foundation, wanted: Wanted, task: Task) -> Job:
    """Decide the job that runs a task definition. Raises `ValueError` for a container without a schedule."""
    stated = wanted.spec.schedule
    if stated is None:
        raise ValueError(f"{wanted.name} has no schedule")
    _explain_retries(foundation, wanted.name, stated)
    started = schedule(foundation, wanted, task.label, _grants(foundation, task))
    limited = _can_be_limited(foundation, wanted.name, wanted.spec)
    return Job(
        task=_with_timeout(task, stated.timeout) if limited else task,
        schedule=started,
        timeout=stated.timeout if limited else None,
        retries=stated.retries,
        before=(*task.before, started.role.policy, CAPACITY_PROVIDERS),
    )


def _explain_retries(foundation: Foundation, name: str, schedule: ScheduleSpec) -> None:
    if "retries" in schedule.model_fields_set and schedule.retries:
        again = "1 retry repeats" if schedule.retries == 1 else f"{schedule.retries} retries repeat"
        foundation.problems.warning(
            "approximated",
            f"job `{name}`: on AWS the {again} only the start of the task; "
            "a task that ran and failed is reported, not run again",
            ("containers", name, "schedule", "retries"),
            "let the program repeat what may fail, or write retries: 0",
        )


def _can_be_limited(foundation: Foundation, name: str, container: Container) -> bool:
    """Whether timeout(1) can end the job, for ECS never does. It is in the images that cloudgen builds, from Debian."""
    if not container.built:
        lacking = "cloudgen does not build its image"
        hint = "end the program in time, for example with timeout(1) in its command"
    elif container.command is None:
        lacking, hint = "it has no command of its own", "write the program and its arguments under command"
    else:
        return True
    foundation.problems.warning(
        "not-enforced",
        f"job `{name}`: its timeout is not enforced on AWS, because {lacking}",
        ("containers", name, "schedule", "timeout"),
        hint,
    )
    return False


def _with_timeout(task: Task, seconds: int) -> Task:
    guard = ["timeout", "--signal=TERM", f"--kill-after={KILL_AFTER}s", f"{seconds}s"]
    definitions = [
        {key: [*guard, *value] if key == "command" else value for key, value in definition.items()}
        for definition in task.container_definitions
    ]
    return replace(task, container_definitions=definitions)


def _grants(foundation: Foundation, task: Task) -> list[Grant]:
    """What it takes to start this one task."""
    family = task.address.arn_without_revision
    return [
        Grant(
            "StartTask",
            ("ecs:RunTask",),
            (family, join(family, ":*")),
            (Condition("ArnEquals", "ecs:cluster", (CLUSTER.arn,)),),
        ),
        Grant(
            "TagTask",
            ("ecs:TagResource",),
            (foundation.account.arn("ecs", f"task/{foundation.prefix}/*"),),
            (Condition("StringEquals", "ecs:CreateAction", ("RunTask",)),),
        ),
        Grant(
            "PassRoles",
            ("iam:PassRole",),
            (task.execution_role.address.arn, task.task_role.address.arn),
            (Condition("StringEquals", "iam:PassedToService", ("ecs-tasks.amazonaws.com",)),),
        ),
    ]


def failed_jobs(foundation: Foundation, jobs: Sequence[Job]) -> FailedJobs | None:
    """Decide how somebody learns that a job failed; None where there are no jobs.

    EventBridge Scheduler itself only knows whether a task could be started.
    https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html
    """
    if not jobs:
        return None
    return FailedJobs(
        # 64 characters is the limit of a rule's name.
        rule_name=fit(f"{foundation.prefix}-failed-jobs", 64),
        event_pattern=_failed(foundation.prefix),
        message_paths={
            "job": "$.detail.group",
            "code": "$.detail.containers[0].exitCode",
            "reason": "$.detail.stoppedReason",
            "task": "$.detail.taskArn",
        },
        message=f'"A job of {foundation.prefix} failed: <job>, exit code <code>, <reason>. Task: <task>"',
    )


def _failed(prefix: str) -> Mapping[str, Any]:
    """The event of a job that ended with an error, or never began.

    `group` is `family:<family>` for every task that is not part of a service. Families begin with the deployment's
    name, so that the pattern stays as short with many jobs: EventBridge takes 2048 characters.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
    """
    return {
        "source": ["aws.ecs"],
        "detail-type": ["ECS Task State Change"],
        "detail": {
            "clusterArn": [CLUSTER.arn],
            "group": [{"prefix": f"family:{prefix}-"}],
            "lastStatus": ["STOPPED"],
            "$or": [
                {"containers": {"exitCode": [{"anything-but": [0]}]}},
                {"stopCode": [{"anything-but": ["EssentialContainerExited"]}]},
            ],
        },
    }
