"""What is watched and drawn of a function.

https://cloud.google.com/monitoring/api/metrics_gcp_p_z#gcp-run
"""

from __future__ import annotations

from collections.abc import Iterator

from cloudgen.stack.base import Address
from cloudgen.stack.gcp.alarms import Alarm, Graph
from cloudgen.stack.gcp.cloud_run import watching
from cloudgen.stack.gcp.cloud_run.watching import ANSWERS, SERVICE, answers, errors_of_clock, not_ready
from cloudgen.stack.gcp.foundation import Foundation


def graphs(run_name: str) -> tuple[Graph, ...]:
    """Instances, CPU and memory, how long it takes, and how its answers are."""
    section, status = "Functions", ("metric.label.response_code_class",)
    return (
        *watching.graphs(section, SERVICE, run_name),
        SERVICE.graph(section, "Duration, ms", "request_latencies", run_name, "ALIGN_DELTA", "REDUCE_PERCENTILE_95"),
        Graph(
            section,
            "Answers",
            f"run.googleapis.com/{ANSWERS}",
            SERVICE.type,
            SERVICE.label,
            run_name,
            "ALIGN_DELTA",
            "REDUCE_SUM",
            status,
        ),
    )


def alarms(foundation: Foundation, name: str, label: str, service: Address) -> Iterator[Alarm]:
    """What a service of Cloud Run has, answers that say that it failed, and more events than may run at once."""
    yield from watching.alarms(foundation, name, label, SERVICE, service)
    yield not_ready(foundation, name, label, SERVICE, service)
    yield from answers(foundation, name, label, service)


def not_started(foundation: Foundation, name: str, label: str) -> Alarm:
    """Cloud Scheduler could not start the function, or the function failed."""
    return Alarm(
        label=f"{label}_not_started",
        name=f"{foundation.prefix}: function {name} not started",
        description=f"Cloud Scheduler could not start function {name}, or the run failed. Its log tells why.",
        condition=errors_of_clock(label),
    )
