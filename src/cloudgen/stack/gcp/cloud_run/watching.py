"""How Cloud Run is watched: what its metrics and logs are labelled with, its graphs, and its alarms.

https://cloud.google.com/monitoring/api/metrics_gcp_p_z#gcp-run
"""

from __future__ import annotations

from collections.abc import Iterator

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import Address, join
from cloudgen.stack.gcp.alarms import Alarm, Graph, Threshold
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.logs import Origin
from cloudgen.stack.thresholds import MEMORY


@dataclass(frozen=True)
class Monitored:
    """A type of monitored resource, and the label that holds the name."""

    type: str
    label: str

    def graph(self, section: str, title: str, metric: str, run_name: str, aligner: str, reducer: str) -> Graph:
        """A line of a graph for the resource of this name."""
        return Graph(section, title, f"run.googleapis.com/{metric}", self.type, self.label, run_name, aligner, reducer)

    def origin(self, run_name: str) -> Origin:
        """The logs of the resource of this name."""
        return Origin(self.type, self.label, run_name)


SERVICE = Monitored("cloud_run_revision", "service_name")
WORKER_POOL = Monitored("cloud_run_worker_pool", "worker_pool_name")
JOB = Monitored("cloud_run_job", "job_name")
ANSWERS = "request_count"
"""The metric of the answers of a service."""


def last_words(prefix: str) -> str:
    """The logs of what runs on Cloud Run, in the query language of Cloud Logging."""
    return (
        f'severity >= WARNING AND (resource.labels.service_name =~ "^{prefix}-" OR '
        f'resource.labels.worker_pool_name =~ "^{prefix}-")'
    )


def graphs(section: str, monitored: Monitored, run_name: str) -> tuple[Graph, ...]:
    """Instances, CPU and memory of a service or worker pool."""
    drawn = (
        ("Instances", "instance_count", "ALIGN_MAX", "REDUCE_SUM"),
        ("CPU, share in use", "cpu/utilizations", "ALIGN_DELTA", "REDUCE_MEAN"),
        ("Memory, share in use", "memory/utilizations", "ALIGN_DELTA", "REDUCE_PERCENTILE_95"),
    )
    return tuple(
        monitored.graph(section, title, f"container/{metric}", run_name, aligner, reducer)
        for title, metric, aligner, reducer in drawn
    )


def not_ready(foundation: Foundation, name: str, label: str, monitored: Monitored, address: Address) -> Alarm:
    """A revision that did not become ready: Cloud Run writes an error to the log of system events.

    https://cloud.google.com/run/docs/audit-logging
    """
    return Alarm(
        label=f"{label}_service_not_ready",
        name=f"{foundation.prefix}: {name} not deployed",
        description=f"A new revision of {name} did not become ready. The one before it still runs.",
        condition=Threshold(
            filter=join(
                f'metric.type = "logging.googleapis.com/log_entry_count" AND resource.type = "{monitored.type}"'
                ' AND metric.labels.log = "cloudaudit.googleapis.com/system_event"'
                f' AND metric.labels.severity = "ERROR" AND resource.labels.{monitored.label} = "',
                address.name,
                '"',
            ),
            aligner="ALIGN_DELTA",
            reducer="REDUCE_SUM",
            value=0,
        ),
    )


def errors_of_clock(label: str) -> Threshold:
    """Cloud Scheduler could not start what it starts, or got an error for an answer: it writes that to its log.

    https://cloud.google.com/scheduler/docs/logging
    """
    return Threshold(
        filter=join(
            'metric.type = "logging.googleapis.com/log_entry_count" AND resource.type = "cloud_scheduler_job"'
            ' AND metric.labels.severity = "ERROR" AND resource.labels.job_id = "',
            Address("google_cloud_scheduler_job", label).name,
            '"',
        ),
        aligner="ALIGN_DELTA",
        reducer="REDUCE_SUM",
        value=0,
    )


def alarms(foundation: Foundation, name: str, label: str, monitored: Monitored, address: Address) -> Iterator[Alarm]:
    """CPU and memory in use: of all instances on average, and of the fullest."""
    limits = (
        ("CPU", "REDUCE_MEAN", foundation.deployment.monitoring.alerts.cpu),
        ("memory", "REDUCE_PERCENTILE_95", MEMORY),
    )
    for title, reducer, percent in limits:
        yield Alarm(
            label=f"{label}_service_{title.lower()}",
            name=f"{foundation.prefix}: {name} {title}",
            description=f"{name} has used more than {percent:g}% of its {title} for 15 minutes.",
            condition=Threshold(
                filter=join(
                    f'metric.type = "run.googleapis.com/container/{title.lower()}/utilizations"'
                    f' AND resource.type = "{monitored.type}" AND resource.labels.{monitored.label} = "',
                    address.name,
                    '"',
                ),
                aligner="ALIGN_DELTA",
                reducer=reducer,
                group_by=(f"resource.label.{monitored.label}",),
                value=percent / 100,
            ),
            duration=900,
        )


def answers(foundation: Foundation, name: str, label: str, service: Address) -> Iterator[Alarm]:
    """Answers of what visitors or events start that say that it failed, and more of them than may run at once."""
    yield _answers(
        foundation,
        f"{label}_function_errors",
        f"function {name} fails",
        f"Function {name} has failed for 15 minutes: a crash, a timeout, or an event that it refused.",
        service,
        'metric.labels.response_code_class = "5xx"',
    )
    yield _answers(
        foundation,
        f"{label}_function_turned_away",
        f"function {name} is busy",
        f"More is asked of function {name} than its instances do at once, for 15 minutes: scaling.max of it.",
        service,
        'metric.labels.response_code = "429"',
    )


def _answers(foundation: Foundation, label: str, name: str, description: str, service: Address, kind: str) -> Alarm:
    return Alarm(
        label=label,
        name=f"{foundation.prefix}: {name}",
        description=description,
        condition=Threshold(
            filter=join(
                f'metric.type = "run.googleapis.com/{ANSWERS}" AND resource.type = "{SERVICE.type}"'
                f' AND {kind} AND resource.labels.{SERVICE.label} = "',
                service.name,
                '"',
            ),
            aligner="ALIGN_DELTA",
            reducer="REDUCE_SUM",
            value=0,
        ),
        duration=900,
    )
