"""Jobs: schedule, permissions, attempts, and what counts as a failure."""

from __future__ import annotations

from cloudgen.stack.base import join
from cloudgen.stack.gcp.platforms.containers.jobs import Job
from cloudgen.stack.gcp.platforms.containers.services import Service
from cloudgen.stack.gcp.platforms.workload import Identity
from rig.parts.gcp import make_foundation, make_workloads

NIGHTLY = """
containers:
  web: {port: 8000, size: medium}
  nightly:
    size: medium
    command: [python, -m, shop.nightly]
    schedule: {cron: "0 2 * * 7", timezone: Europe/Berlin, timeout: 30m, retries: 2}
"""


def _job() -> Job:
    foundation = make_foundation(NIGHTLY)
    job = make_workloads(foundation)["nightly"]
    assert isinstance(job, Job)
    assert job.identity == Identity(job.run.account, job.starter)
    return job


def test_only_what_has_a_schedule_is_a_job() -> None:
    assert {name: type(made) for name, made in make_workloads(make_foundation(NIGHTLY)).items()} == {
        "web": Service,
        "nightly": Job,
    }


def test_schedule_and_attempts_are_the_spec_s_own() -> None:
    job = _job()
    assert (job.schedule, job.timezone, job.timeout_text, job.retries) == ("0 2 * * 7", "Europe/Berlin", "1800s", 2)
    assert job.run.arguments == ["python", "-m", "shop.nightly"]


def test_the_scheduler_may_start_this_job_and_do_nothing_else() -> None:
    job = _job()
    (member,) = job.starter.members
    assert member.grant.role == "roles/run.invoker"
    assert member.address.type == "google_cloud_run_v2_job_iam_member"
    assert job.starter.address != job.run.account.address
    assert job.uri == join("https://run.googleapis.com/v2/", job.address.id, ":run")


def test_a_failed_execution_is_reported() -> None:
    alarm, not_started = _job().alarms
    assert not_started.label.endswith("_not_started")
    assert alarm.threshold is not None
    assert alarm.query is None
    assert (alarm.threshold.value, alarm.threshold.comparison, alarm.duration_text) == (0, "COMPARISON_GT", "0s")
