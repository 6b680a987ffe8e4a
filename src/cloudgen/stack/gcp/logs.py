"""Logs: a bucket of Cloud Logging of the stack's own, as the project's default bucket keeps everything for 30 days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import Address, Ref, Template, join
from cloudgen.stack.gcp.addresses import NAT, SUBNETWORK
from cloudgen.stack.gcp.agents import LOGS, key_ready
from cloudgen.stack.gcp.database import instance_name
from cloudgen.stack.gcp.foundation import APIS_READY, Foundation
from cloudgen.stack.gcp.jobs import Jobs
from cloudgen.stack.gcp.load_balancer import LoadBalancer
from cloudgen.stack.gcp.services import Service
from cloudgen.stack.naming import fit

BUCKET = Address("google_logging_project_bucket_config", "main")
Part = str | Ref


@dataclass(frozen=True)
class Logs:
    """Where logs go and how long they stay, rendered by monitoring.tf."""

    name: str
    """Of the bucket, and of what leads logs to it."""
    retention: int
    """Days."""
    filter: Template
    """Whose logs: in the query language of Cloud Logging."""
    before_bucket: tuple[Address, ...]

    @property
    def destination(self) -> Template:
        """The bucket, as a sink names it."""
        return join("logging.googleapis.com/", BUCKET.id)


def logs(foundation: Foundation, balancer: LoadBalancer | None, services: Sequence[Service], jobs: Jobs | None) -> Logs:
    """Decide the bucket. Names stand in the filter as text where they are known, so that the bucket exists first."""
    served = [each.workload.run_name for each in services if not each.worker]
    workers = [each.workload.run_name for each in services if each.worker]
    scheduled = jobs.jobs if jobs else ()
    origins = [
        *_one_of("cloud_run_revision", "service_name", served),
        *_one_of("cloud_run_worker_pool", "worker_pool_name", workers),
        *_one_of("cloud_run_job", "job_name", [job.workload.run_name for job in scheduled]),
        *_one_of("cloud_scheduler_job", "job_id", [job.schedule_name for job in scheduled]),
        *_one_of("http_load_balancer", "url_map_name", [balancer.name] if balancer else []),
        *_databases(foundation),
        *_network(foundation),
    ]
    parts: list[Part] = []
    for index, origin in enumerate(origins):
        parts += [" OR ", *origin] if index else origin
    return Logs(
        # https://cloud.google.com/logging/quotas: 100 characters of a bucket's, a sink's and an exclusion's name.
        name=fit(foundation.prefix, 100),
        retention=foundation.log_retention,
        filter=join(*parts),
        before_bucket=key_ready(foundation, LOGS) or (APIS_READY,),
    )


def _one_of(resource: str, name: str, values: Sequence[str]) -> Iterator[list[Part]]:
    """The condition that finds the logs of some resources of one type; nothing for none.

    https://cloud.google.com/logging/docs/view/logging-query-language
    """
    if values:
        text = " OR ".join(f'"{value}"' for value in values)
        yield [f'(resource.type = "{resource}" AND resource.labels.{name} = ({text}))']


def _databases(foundation: Foundation) -> Iterator[list[Part]]:
    for name in foundation.deployment.storage.databases:
        start = f'(resource.type = "cloudsql_database" AND resource.labels.database_id = "{foundation.project}:'
        yield [start, *instance_name(foundation, name).parts, '")']


def _network(foundation: Foundation) -> Iterator[list[Part]]:
    """What flowed, what was denied, and what found no way out."""
    yield ['(resource.type = "gce_subnetwork" AND resource.labels.subnetwork_name = "', SUBNETWORK.name, '")']
    if foundation.deployment.networking.nat != "none":
        yield ['(resource.type = "nat_gateway" AND resource.labels.gateway_name = "', NAT.name, '")']
