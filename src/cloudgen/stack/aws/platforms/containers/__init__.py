"""Platform `containers`: tasks on ECS, as services, workers and jobs."""

from __future__ import annotations

from collections.abc import Sequence

from cloudgen.stack.aws.addresses import security_group
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.platforms.containers.ground import FILES, ground
from cloudgen.stack.aws.platforms.containers.jobs import job
from cloudgen.stack.aws.platforms.containers.parity import PARITY, RUNS
from cloudgen.stack.aws.platforms.containers.pools import MACHINES
from cloudgen.stack.aws.platforms.containers.services import service
from cloudgen.stack.aws.platforms.containers.tasks import task
from cloudgen.stack.aws.platforms.workload import Around, Workload
from cloudgen.stack.base import Address
from cloudgen.stack.workload import Wanted

__all__ = ["FILES", "PARITY", "RUNS", "ground", "needs", "peer", "workload"]

AGENT = ("ecs", "ecs-agent", "ecs-telemetry", "ssm", "ssmmessages")
"""What the agent of ECS on a machine talks to, and a shell there."""


def needs(containers: Sequence[Wanted]) -> tuple[str, ...]:
    """The interface endpoints by which tasks pull their image and write their log; machines join the cluster by more.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html
    """
    joins = any(each.capacity in MACHINES or each.compute.capacity in MACHINES for each in containers)
    return ("ecr.api", "ecr.dkr", "logs", *(AGENT if joins else ()))


def peer(container: Wanted) -> Address:
    """The security group of a container's tasks."""
    return security_group(container.name)


def workload(foundation: Foundation, container: Wanted, around: Around) -> Workload:
    """Decide the service of a container, or the job where the clock starts it."""
    made = task(foundation, container, around)
    if container.spec.schedule is not None:
        return job(foundation, container, made)
    return service(foundation, container, made)
