"""Jobs: Cloud Run jobs that Cloud Scheduler starts by the clock, and how somebody learns that one failed."""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import Address, Template, join
from cloudgen.stack.gcp.addresses import run_job
from cloudgen.stack.gcp.alarms import Alarm, Threshold
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import Grant, ServiceAccount, on_job, service_account
from cloudgen.stack.gcp.workloads import Workload
from cloudgen.stack.naming import fit


@dataclass(frozen=True)
class Job:
    """A Cloud Run job with the schedule that starts it."""

    workload: Workload
    schedule_name: str
    schedule: str
    timezone: str
    timeout: int
    """Seconds that one attempt may take."""
    retries: int
    """How often a failed attempt is repeated."""
    starter: ServiceAccount
    """Used by Cloud Scheduler to start the job; the job itself runs as the account of its container."""
    uri: Template
    """The method of the API that starts the job."""

    @property
    def name(self) -> str:
        """The name in the spec."""
        return self.workload.name

    @property
    def label(self) -> str:
        """The Terraform label."""
        return self.workload.label

    @property
    def address(self) -> Address:
        """The job's address."""
        return run_job(self.name)

    @property
    def timeout_text(self) -> str:
        """The timeout as the API writes it: `3600s`."""
        return f"{self.timeout}s"


@dataclass(frozen=True)
class Jobs:
    """All jobs, rendered by jobs.tf."""

    jobs: tuple[Job, ...]
    alarms: tuple[Alarm, ...]

    @property
    def accounts(self) -> tuple[ServiceAccount, ...]:
        """The service accounts of Cloud Scheduler; those of the containers belong to the workloads."""
        return tuple(job.starter for job in self.jobs)


def jobs(foundation: Foundation, workloads: tuple[Workload, ...]) -> Jobs | None:
    """Decide the jobs; None when there are none.

    Cloud Scheduler reads cron expressions as crontab(5) does, Sunday as 7 included, so they stay as they are.
    https://cloud.google.com/scheduler/docs/configuring/cron-job-schedules
    """
    decided = tuple(_job(foundation, part) for part in workloads)
    if not decided:
        return None
    return Jobs(decided, tuple(_failed(foundation, job) for job in decided))


def _job(foundation: Foundation, part: Workload) -> Job:
    schedule = foundation.deployment.containers[part.name].schedule
    if schedule is None:
        raise ValueError(f"{part.name} has no schedule")
    address = run_job(part.name)
    return Job(
        workload=part,
        schedule_name=fit(f"{foundation.prefix}-{part.name}", 63),
        schedule=schedule.cron,
        timezone=schedule.timezone,
        timeout=schedule.timeout,
        retries=schedule.retries,
        starter=service_account(
            foundation.prefix,
            f"{part.name}-scheduler",
            f"Starts {part.name} by the clock",
            [Grant("roles/run.invoker", on_job(address))],
        ),
        # https://cloud.google.com/run/docs/execute/jobs-on-schedule
        uri=join("https://run.googleapis.com/v2/", address.id, ":run"),
    )


def _failed(foundation: Foundation, job: Job) -> Alarm:
    """An execution that ended with an error after its last attempt, or was stopped.

    https://cloud.google.com/monitoring/api/metrics_gcp_p_z#gcp-run
    """
    return Alarm(
        label=f"{job.label}_failed",
        name=f"{foundation.prefix}: job {job.name} failed",
        description=f"An execution of the job {job.name} ended with an error after its last attempt. "
        "Its log is in Cloud Logging.",
        condition=Threshold(
            filter=join(
                'metric.type = "run.googleapis.com/job/completed_execution_count"'
                ' AND resource.type = "cloud_run_job" AND metric.labels.result = "failed"'
                ' AND resource.labels.job_name = "',
                job.address.name,
                '"',
            ),
            aligner="ALIGN_DELTA",
            reducer="REDUCE_SUM",
            value=0,
        ),
    )
