"""What is decided for jobs: schedule, permissions, timeout, and what counts as a failure."""

from __future__ import annotations

from typing import Any

from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.platforms.containers.ground import Cluster
from cloudgen.stack.aws.platforms.containers.jobs import FailedJobs
from cloudgen.stack.aws.scheduler import Scheduler, scheduler
from cloudgen.stack.base import Address
from rig.parts.aws import make_cluster, make_foundation


def _jobs(body: str) -> tuple[Foundation, Cluster]:
    foundation = make_foundation(body)
    return foundation, make_cluster(foundation)


def _failed(decided: Cluster) -> FailedJobs:
    assert decided.failed is not None
    return decided.failed


def _scheduler(foundation: Foundation, decided: Cluster) -> Scheduler:
    made = scheduler(foundation, [job.schedule for job in decided.jobs])
    assert made is not None
    return made


NIGHTLY = """
containers:
  web: {port: 8000}
  nightly: {command: [python, -m, shop.nightly], schedule: {cron: "0 2 * * *", timezone: Europe/Berlin, timeout: 30m}}
"""


def _command(decided: Cluster) -> Any:
    return decided.jobs[0].task.container_definitions[0].get("command")


def test_only_containers_with_a_schedule_are_jobs() -> None:
    foundation = make_foundation("containers: {web: {port: 8000}}")
    cluster = make_cluster(foundation)
    assert (cluster.jobs, cluster.failed) == ((), None)
    assert scheduler(foundation, []) is None
    _, decided = _jobs(NIGHTLY)
    assert [job.name for job in decided.jobs] == ["nightly"]


def test_schedule() -> None:
    foundation, decided = _jobs(NIGHTLY)
    (job,) = decided.jobs
    assert (job.schedule.expression, job.schedule.timezone, job.retries) == ("cron(0 2 * * ? *)", "Europe/Berlin", 3)
    assert (_scheduler(foundation, decided).group, job.schedule.name) == ("shop-prod", "shop-prod-nightly")


def test_timeout_wraps_the_command_of_an_image_that_cloudgen_builds() -> None:
    foundation, decided = _jobs(NIGHTLY)
    guard = ["timeout", "--signal=TERM", "--kill-after=30s", "1800s"]
    assert _command(decided) == [*guard, "python", "-m", "shop.nightly"]
    assert not foundation.problems.found


def test_timeout_of_another_image_is_not_promised() -> None:
    foundation, decided = _jobs(
        'containers: {nightly: {image: "busybox:1", read_only: false, command: [ls], schedule: {cron: "0 2 * * *"}}}'
    )
    assert _command(decided) == ["ls"]
    assert [problem.code for problem in foundation.problems.warnings] == ["not-enforced"]


def test_timeout_without_a_command_is_not_promised() -> None:
    foundation, decided = _jobs('containers: {nightly: {schedule: {cron: "0 2 * * *"}}}')
    assert _command(decided) is None
    (warning,) = foundation.problems.warnings
    assert "no command" in warning.message


def test_retries_that_the_spec_asks_for_are_explained() -> None:
    foundation, _ = _jobs(NIGHTLY.replace("timeout: 30m", "timeout: 30m, retries: 2"))
    (warning,) = foundation.problems.warnings
    assert warning.path == ("containers", "nightly", "schedule", "retries")
    assert "2 retries repeat only the start" in warning.message
    foundation, _ = _jobs(NIGHTLY.replace("timeout: 30m", "timeout: 30m, retries: 0"))
    assert not foundation.problems.found


def test_scheduler_may_start_this_task_only() -> None:
    _, decided = _jobs(NIGHTLY)
    role = decided.jobs[0].schedule.role
    assert role.trust.principal == "scheduler.amazonaws.com"
    grants = {grant.sid: grant for grant in role.grants}
    task = Address("aws_ecs_task_definition", "nightly")
    assert grants["StartTask"].resources[0] == task.arn_without_revision
    assert grants["StartTask"].conditions[0].values == (Address("aws_ecs_cluster", "main").arn,)
    assert set(grants["PassRoles"].resources) == {
        Address("aws_iam_role", "nightly_execution").arn,
        Address("aws_iam_role", "nightly_task").arn,
    }
    assert grants["PassRoles"].conditions[0].values == ("ecs-tasks.amazonaws.com",)
    assert all("*" not in grant.resources for grant in role.grants)
    assert "ReadSchedule" in grants


def test_no_grant_on_a_key_that_does_not_exist() -> None:
    foundation = make_foundation(f"security: {{encryption: provider_managed}}\n{NIGHTLY}")
    decided = make_cluster(foundation)
    assert "ReadSchedule" not in {grant.sid for grant in decided.jobs[0].schedule.role.grants}


def test_schedule_waits_for_permissions_and_capacity() -> None:
    _, decided = _jobs(NIGHTLY)
    before = set(decided.jobs[0].before)
    assert Address("aws_iam_role_policy", "nightly_scheduler") in before
    assert Address("aws_iam_role_policy", "nightly_execution") in before
    assert Address("aws_ecs_cluster_capacity_providers", "main") in before


def _matches(pattern: Any, event: Any) -> bool:
    """Match an event as EventBridge does, as far as the pattern of failed jobs needs it."""
    for key, wanted in pattern.items():
        if key == "$or":
            if not any(_matches(option, event) for option in wanted):
                return False
            continue
        found = event.get(key)
        if isinstance(wanted, dict):
            if not any(_matches(wanted, item) for item in (found if isinstance(found, list) else [found or {}])):
                return False
        elif not any(_allows(option, found) for option in wanted):
            return False
    return True


def _allows(option: Any, found: Any) -> bool:
    if isinstance(option, dict) and "prefix" in option:
        return str(found).startswith(option["prefix"])
    if isinstance(option, dict):
        return found is not None and found not in option["anything-but"]
    return bool(option == found)


def test_what_counts_as_a_failure() -> None:
    _, decided = _jobs(NIGHTLY)

    def event(code: int | None, stop: str, status: str = "STOPPED", group: str = "family:shop-prod-nightly") -> Any:
        container = {} if code is None else {"exitCode": code}
        detail = {
            "clusterArn": Address("aws_ecs_cluster", "main").arn,
            "group": group,
            "lastStatus": status,
            "stopCode": stop,
            "containers": [container],
        }
        return {"source": "aws.ecs", "detail-type": "ECS Task State Change", "detail": detail}

    done = "EssentialContainerExited"
    assert not _matches(_failed(decided).event_pattern, event(0, done))
    assert _matches(_failed(decided).event_pattern, event(1, done))
    assert _matches(_failed(decided).event_pattern, event(124, done))
    assert _matches(_failed(decided).event_pattern, event(None, "TaskFailedToStart"))
    assert _matches(_failed(decided).event_pattern, event(0, "SpotInterruption"))
    assert not _matches(_failed(decided).event_pattern, event(1, done, status="RUNNING"))
    assert not _matches(_failed(decided).event_pattern, event(1, done, group="service:web"))
    assert not _matches(_failed(decided).event_pattern, event(1, done, group="family:other-prod-nightly"))


def test_the_pattern_does_not_grow_with_the_jobs() -> None:
    """EventBridge takes 2048 characters: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html."""
    jobs = "\n".join(f"  {'j' * 18}{number}: {{command: [a], schedule: {{cron: '0 2 * * *'}}}}" for number in range(70))
    pattern = _failed(make_cluster(make_foundation(f"containers:\n{jobs}\n"))).event_pattern
    assert len(str(pattern)) < 700


def test_starts_that_fail_raise_an_alarm() -> None:
    failed, dropped = _scheduler(*_jobs(NIGHTLY)).alarms
    for alarm, name in ((failed, "TargetErrorCount"), (dropped, "InvocationDroppedCount")):
        assert alarm.metric is not None
        assert alarm.metric.name == name
        assert alarm.metric.dimensions == {"ScheduleGroup": Address("aws_scheduler_schedule_group", "main").name}
