"""Jobs: containers that EventBridge Scheduler starts by the clock, and how somebody learns that one failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cloudgen.dataclass import dataclass, replace
from cloudgen.spec.containers import Container, Schedule
from cloudgen.stack.aws.alarms import Alarm, Metric
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Condition, Grant, Role, role
from cloudgen.stack.aws.schedules import expression
from cloudgen.stack.aws.tasks import Task
from cloudgen.stack.base import Address, join
from cloudgen.stack.naming import fit

CLUSTER = Address("aws_ecs_cluster", "main")
KILL_AFTER = 30
"""Seconds between the polite end of a job that takes too long (SIGTERM) and the hard one (SIGKILL)."""


@dataclass(frozen=True)
class Job:
    """A task definition with the schedule that starts it."""

    task: Task
    schedule_name: str
    schedule: str
    timezone: str
    timeout: int | None
    """Seconds after which timeout(1) ends the task; None where nothing does."""
    retries: int
    """How often EventBridge Scheduler tries again to start the task; not how often a failed task is repeated."""
    role: Role
    """Used by EventBridge Scheduler to start the task."""
    before: tuple[Address, ...]

    @property
    def name(self) -> str:
        """The name in the spec."""
        return self.task.name

    @property
    def label(self) -> str:
        """The Terraform label."""
        return self.task.label


@dataclass(frozen=True)
class Jobs:
    """All jobs, rendered by jobs.tf, and the rule that reports the failed ones."""

    group: str
    jobs: tuple[Job, ...]
    rule_name: str
    event_pattern: Mapping[str, Any]
    message_paths: Mapping[str, str]
    message: str
    alarms: tuple[Alarm, ...]

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles of EventBridge Scheduler; those of the tasks belong to the tasks."""
        return tuple(job.role for job in self.jobs)


def jobs(foundation: Foundation, tasks: Sequence[Task]) -> Jobs | None:
    """Decide the jobs among the task definitions; None when there are none.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html
    """
    group = foundation.prefix
    decided = tuple(_job(foundation, group, task) for task in tasks if task.kind == "job")
    if not decided:
        return None
    return Jobs(
        group=group,
        jobs=decided,
        # 64 characters is the limit of a rule's name.
        rule_name=fit(f"{foundation.prefix}-failed-jobs", 64),
        event_pattern=_failed([job.task for job in decided]),
        message_paths={
            "job": "$.detail.group",
            "code": "$.detail.containers[0].exitCode",
            "reason": "$.detail.stoppedReason",
            "task": "$.detail.taskArn",
        },
        message=f'"A job of {foundation.prefix} failed: <job>, exit code <code>, <reason>. Task: <task>"',
        alarms=(_start_errors(foundation),),
    )


def _job(foundation: Foundation, group: str, task: Task) -> Job:
    container = foundation.deployment.containers[task.name]
    schedule = container.schedule
    if schedule is None:
        raise ValueError(f"{task.name} has no schedule")
    path = ("containers", task.name, "schedule")
    _explain_retries(foundation, task.name, schedule)
    # 64 characters is the limit of a schedule's name.
    schedule_name = fit(f"{foundation.prefix}-{task.name}", 64)
    starter = _starter(foundation, group, schedule_name, task)
    limited = _can_be_limited(foundation, task.name, container)
    return Job(
        task=_with_timeout(task, schedule.timeout) if limited else task,
        schedule_name=schedule_name,
        schedule=expression(foundation, schedule.cron, (*path, "cron")),
        timezone=schedule.timezone,
        timeout=schedule.timeout if limited else None,
        retries=schedule.retries,
        role=starter,
        before=(*task.before, starter.policy, Address("aws_ecs_cluster_capacity_providers", "main")),
    )


def _explain_retries(foundation: Foundation, name: str, schedule: Schedule) -> None:
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


def _starter(foundation: Foundation, group: str, schedule_name: str, task: Task) -> Role:
    """The role with which EventBridge Scheduler starts this one task.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role
    """
    account = foundation.account
    family = task.address.arn_without_revision
    grants = [
        Grant(
            "StartTask",
            ("ecs:RunTask",),
            (family, join(family, ":*")),
            (Condition("ArnEquals", "ecs:cluster", (CLUSTER.arn,)),),
        ),
        Grant(
            "TagTask",
            ("ecs:TagResource",),
            (account.arn("ecs", f"task/{foundation.prefix}/*"),),
            (Condition("StringEquals", "ecs:CreateAction", ("RunTask",)),),
        ),
        Grant(
            "PassRoles",
            ("iam:PassRole",),
            (task.execution_role.address.arn, task.task_role.address.arn),
            (Condition("StringEquals", "iam:PassedToService", ("ecs-tasks.amazonaws.com",)),),
        ),
    ]
    if foundation.key is not None:
        # https://docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html
        schedule_arn = account.arn("scheduler", f"schedule/{group}/{schedule_name}")
        context = Condition("ArnEquals", "kms:EncryptionContext:aws:scheduler:schedule:arn", (schedule_arn,))
        grants.append(Grant("ReadSchedule", ("kms:Decrypt",), (foundation.key,), (context,)))
    return role(
        account,
        foundation.prefix,
        f"{task.name}-scheduler",
        f"Starts {task.name} by the clock",
        "scheduler.amazonaws.com",
        grants,
        # The group, not the schedule: a trust that names the schedule is refused when the schedule is made.
        # https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
        source_arn=account.arn("scheduler", f"schedule-group/{group}"),
    )


def _failed(tasks: Sequence[Task]) -> Mapping[str, Any]:
    """The event of a job that ended with an error, or never began.

    `group` is `family:<family>` for every task that is not part of a service.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
    """
    return {
        "source": ["aws.ecs"],
        "detail-type": ["ECS Task State Change"],
        "detail": {
            "clusterArn": [CLUSTER.arn],
            "group": [f"family:{task.family}" for task in tasks],
            "lastStatus": ["STOPPED"],
            "$or": [
                {"containers": {"exitCode": [{"anything-but": [0]}]}},
                {"stopCode": [{"anything-but": ["EssentialContainerExited"]}]},
            ],
        },
    }


def _start_errors(foundation: Foundation) -> Alarm:
    """https://docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html."""
    dimensions = {"ScheduleGroup": Address("aws_scheduler_schedule_group", "main").name}
    return Alarm(
        label="scheduler_errors",
        name=f"{foundation.prefix}-scheduler-errors",
        description="EventBridge Scheduler could not start a job",
        metric=Metric("AWS/Scheduler", "TargetErrorCount", "Sum", dimensions, period=300),
        comparison="GreaterThanThreshold",
        threshold=0,
        evaluation_periods=1,
        datapoints_to_alarm=1,
    )
