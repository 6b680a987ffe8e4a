"""Jobs: Cloud Run jobs that Cloud Scheduler starts by the clock, and how somebody learns that one failed."""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import Address, Template, join
from cloudgen.stack.gcp.alarms import Alarm, Graph, Threshold
from cloudgen.stack.gcp.cloud_run.names import run_job
from cloudgen.stack.gcp.cloud_run.runs import OnCloudRun, Run
from cloudgen.stack.gcp.cloud_run.watching import JOB, errors_of_clock
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import Grant, Scope, ServiceAccount, scope, service_account
from cloudgen.stack.gcp.logs import Origin
from cloudgen.stack.gcp.platforms.workload import Entry, Identity
from cloudgen.stack.gcp.regions import check_scheduler
from cloudgen.stack.naming import fit
from cloudgen.stack.summary import SummaryRow, duration_text
from cloudgen.stack.workload import Given, Wanted


@dataclass(frozen=True)
class Job(OnCloudRun):
    """A Cloud Run job with the schedule that starts it."""

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
    alarms: tuple[Alarm, ...]

    @property
    def address(self) -> Address:
        """The job's address."""
        return run_job(self.name)

    @property
    def scheduler(self) -> Address:
        """The address of what starts it by the clock."""
        return Address("google_cloud_scheduler_job", self.label)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The job, and what starts it."""
        return (self.address, self.scheduler)

    @property
    def identity(self) -> Identity:
        """The account that it runs as, and the one that it is started by."""
        return Identity(self.run.account, self.starter)

    @property
    def entry(self) -> Entry | None:
        """None: nobody sends requests to a job."""
        return None

    @property
    def timeout_text(self) -> str:
        """The timeout as the API writes it: `3600s`."""
        return f"{self.timeout}s"

    @property
    def graphs(self) -> tuple[Graph, ...]:
        """How its executions ended."""
        metric, result = "run.googleapis.com/job/completed_execution_count", "metric.label.result"
        name = self.run.run_name
        return (Graph("Jobs", "Executions", metric, JOB.type, JOB.label, name, "ALIGN_DELTA", "REDUCE_SUM", (result,)),)

    @property
    def logs(self) -> tuple[Origin, ...]:
        """The log of its executions, and that of what starts them."""
        return (JOB.origin(self.run.run_name), Origin("cloud_scheduler_job", "job_id", self.schedule_name))

    @property
    def given(self) -> Given:
        """What was chosen for it, in words."""
        schedule = {
            "schedule": f"{self.schedule} {self.timezone}",
            "timeout": duration_text(self.timeout),
            "retries": f"{self.retries} of the job",
        }
        row = SummaryRow("containers", self.name, self.address.type, {**self.run.values, **schedule})
        return Given(self.run.size, self.run.lines, row)


def job(foundation: Foundation, wanted: Wanted, run: Run) -> Job:
    """Decide the job that runs a container.

    Cloud Scheduler reads cron expressions as crontab(5) does, Sunday as 7 included, so they stay as they are.
    https://cloud.google.com/scheduler/docs/configuring/cron-job-schedules
    """
    name, schedule = wanted.name, wanted.spec.schedule
    if schedule is None:
        raise ValueError(f"{name} has no schedule")
    address = run_job(name)
    check_scheduler(foundation, name)
    return Job(
        run=run,
        schedule_name=fit(f"{foundation.prefix}-{name}", 63),
        schedule=schedule.cron,
        timezone=schedule.timezone,
        timeout=schedule.timeout,
        retries=schedule.retries,
        starter=service_account(
            foundation.prefix,
            f"{name}-scheduler",
            f"Starts {name} by the clock",
            [Grant("roles/run.invoker", on_job(address))],
        ),
        # https://cloud.google.com/run/docs/execute/jobs-on-schedule
        uri=join("https://run.googleapis.com/v2/", address.id, ":run"),
        alarms=(_failed(foundation, name, run.label, address), _not_started(foundation, name, run.label)),
    )


def _not_started(foundation: Foundation, name: str, label: str) -> Alarm:
    """Cloud Scheduler could not start the job."""
    return Alarm(
        label=f"{label}_not_started",
        name=f"{foundation.prefix}: job {name} not started",
        description=f"Cloud Scheduler could not start the job {name}. Its log in Cloud Logging tells why.",
        condition=errors_of_clock(label),
    )


def on_job(address: Address) -> Scope:
    """A grant on a job of Cloud Run. A new job has no grants, so the grant names it by what only this job has."""
    return scope("google_cloud_run_v2_job_iam_member", address.label, name=address.id, location=address.location)


def _failed(foundation: Foundation, name: str, label: str, address: Address) -> Alarm:
    """An execution that ended with an error after its last attempt, or was stopped.

    https://cloud.google.com/monitoring/api/metrics_gcp_p_z#gcp-run
    """
    return Alarm(
        label=f"{label}_failed",
        name=f"{foundation.prefix}: job {name} failed",
        description=f"An execution of the job {name} ended with an error after its last attempt. "
        "Its log is in Cloud Logging.",
        condition=Threshold(
            filter=join(
                'metric.type = "run.googleapis.com/job/completed_execution_count"'
                ' AND resource.type = "cloud_run_job" AND metric.labels.result = "failed"'
                ' AND resource.labels.job_name = "',
                address.name,
                '"',
            ),
            aligner="ALIGN_DELTA",
            reducer="REDUCE_SUM",
            value=0,
        ),
    )
