"""Platform `virtual_machines`: an Auto Scaling group of EC2 for each container, for services and workers."""

from __future__ import annotations

from collections.abc import Sequence

from cloudgen.stack.aws.addresses import security_group
from cloudgen.stack.aws.platforms.virtual_machines.ground import FILES, ground
from cloudgen.stack.aws.platforms.virtual_machines.machine import machines as workload
from cloudgen.stack.aws.platforms.virtual_machines.parity import PARITY, RUNS
from cloudgen.stack.base import Address
from cloudgen.stack.workload import Wanted

__all__ = ["FILES", "PARITY", "RUNS", "ground", "needs", "peer", "workload"]


def needs(containers: Sequence[Wanted]) -> tuple[str, ...]:  # noqa: ARG001
    """The interface endpoints by which machines pull their image and write their log, and one gets a shell on them.

    https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html
    """
    return ("ecr.api", "ecr.dkr", "logs", "ssm", "ssmmessages")


def peer(container: Wanted) -> Address:
    """The security group of a container's machines."""
    return security_group(container.name)
