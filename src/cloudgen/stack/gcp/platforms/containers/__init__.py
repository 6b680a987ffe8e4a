"""Platform `containers`: services, worker pools and jobs of Cloud Run."""

from __future__ import annotations

from collections.abc import Sequence

from cloudgen.stack.base import Problems
from cloudgen.stack.gcp.cloud_run.events import answer, telling
from cloudgen.stack.gcp.cloud_run.runs import run
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.platforms.containers import services as running
from cloudgen.stack.gcp.platforms.containers.commands import commands
from cloudgen.stack.gcp.platforms.containers.ground import Containers
from cloudgen.stack.gcp.platforms.containers.jobs import Job, job
from cloudgen.stack.gcp.platforms.containers.parity import PARITY
from cloudgen.stack.gcp.platforms.containers.services import Service, service
from cloudgen.stack.gcp.platforms.workload import Around, Workload
from cloudgen.stack.readme import File
from cloudgen.stack.workload import Wanted

__all__ = ["FILES", "PARITY", "RUNS", "ground", "needs", "tell", "workload"]

FILES = (
    File("services.tf", "platforms.containers.services", "Cloud Run services and worker pools"),
    File("jobs.tf", "platforms.containers.jobs", "Cloud Run jobs and their schedules"),
)
RUNS = "services, worker pools and jobs of Cloud Run"


def needs(containers: Sequence[Wanted]) -> tuple[str, ...]:
    """The API of Cloud Run, and those of what starts jobs by the clock, and services by events."""
    clock = ("cloudscheduler",) if any(each.kind == "job" for each in containers) else ()
    events = ("pubsub",) if any(each.spec.trigger for each in containers) else ()
    return ("run", *clock, *events)


def workload(foundation: Foundation, container: Wanted, around: Around) -> Service | Job:
    """Decide the service, the worker pool or the job that runs a container."""
    if container.kind == "job":
        return job(foundation, container, run(foundation, container, around))
    decide = run if container.kind == "worker" else answer
    return service(foundation, container, decide(foundation, container, around))


def tell(container: Wanted, problems: Problems) -> None:
    """Warn of the wishes about scaling and health checks that Cloud Run does not grant."""
    if container.kind != "job":
        running.tell(container, problems)


def ground(foundation: Foundation, workloads: Sequence[Workload]) -> Containers:
    """Collect what runs always and what is started, each in the order of the spec."""
    services = tuple(each for each in workloads if isinstance(each, Service))
    jobs = tuple(each for each in workloads if isinstance(each, Job))
    beside = [each.command_job for each in services]
    steps = tuple(commands(foundation, beside, [each.run for each in jobs]))
    told = telling(foundation, "containers")
    return Containers(prefix=foundation.prefix, services=services, jobs=jobs, steps=steps, telling=told)
