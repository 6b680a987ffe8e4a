"""Platform `containers`: tasks on ECS, as services, workers and jobs."""

from __future__ import annotations

from collections.abc import Sequence

from cloudgen.stack.aws.addresses import security_group
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.platforms.containers.ground import FILES, ground
from cloudgen.stack.aws.platforms.containers.jobs import job
from cloudgen.stack.aws.platforms.containers.parity import PARITY, RUNS
from cloudgen.stack.aws.platforms.containers.services import service
from cloudgen.stack.aws.platforms.containers.tasks import task
from cloudgen.stack.aws.platforms.workload import Around, Workload
from cloudgen.stack.base import Address
from cloudgen.stack.workload import Wanted

__all__ = ["FILES", "PARITY", "RUNS", "ground", "needs", "peer", "workload"]


def needs(containers: Sequence[Wanted]) -> tuple[str, ...]:  # noqa: ARG001
    """The interface endpoints by which tasks pull their image and write their log."""
    return ("ecr.api", "ecr.dkr", "logs")


def peer(container: Wanted) -> Address:
    """The security group of a container's tasks."""
    return security_group(container.name)


def workload(foundation: Foundation, container: Wanted, around: Around) -> Workload:
    """Decide the service of a container, or the job where the clock starts it."""
    made = task(foundation, container, around)
    if container.runs_always:
        return service(foundation, container, made)
    return job(foundation, container, made)
