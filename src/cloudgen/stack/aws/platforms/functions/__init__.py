"""Platform `functions`: Lambda, for what requests, events or the clock start."""

from __future__ import annotations

from collections.abc import Sequence

from cloudgen.stack.aws.addresses import security_group
from cloudgen.stack.aws.platforms.functions.function import function as workload
from cloudgen.stack.aws.platforms.functions.ground import FILES, ground
from cloudgen.stack.aws.platforms.functions.parity import PARITY, RUNS
from cloudgen.stack.aws.platforms.functions.permissions import joins_network
from cloudgen.stack.base import Address
from cloudgen.stack.workload import Wanted

__all__ = ["FILES", "PARITY", "RUNS", "ground", "needs", "peer", "workload"]


def needs(containers: Sequence[Wanted]) -> tuple[str, ...]:  # noqa: ARG001
    """None: Lambda itself pulls the image and writes the log, from a network of its own."""
    return ()


def peer(container: Wanted) -> Address | None:
    """The security group of a function that connects to something in the network."""
    return security_group(container.name) if joins_network(container) else None
