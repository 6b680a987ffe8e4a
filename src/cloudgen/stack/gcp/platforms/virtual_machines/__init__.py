"""Platform `virtual_machines`: a managed instance group of Compute Engine for each container."""

from __future__ import annotations

from collections.abc import Sequence

from cloudgen.stack.base import Problems
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.platforms.virtual_machines.ground import Machines
from cloudgen.stack.gcp.platforms.virtual_machines.machine import Machine, machine
from cloudgen.stack.gcp.platforms.virtual_machines.parity import PARITY
from cloudgen.stack.gcp.platforms.workload import Around, Workload
from cloudgen.stack.readme import File
from cloudgen.stack.workload import Wanted

__all__ = ["FILES", "PARITY", "RUNS", "ground", "needs", "tell", "workload"]

FILES = (
    File("virtual_machines.tf", "platforms.virtual_machines", "instance templates, groups of machines, autoscalers"),
    File("machine/", "platforms.virtual_machines", "what a machine does when it starts"),
)
RUNS = "managed instance groups of Compute Engine, machines of its own for each container"


def needs(containers: Sequence[Wanted]) -> tuple[str, ...]:
    """The API of Compute Engine, and that of the registry that machines pull from."""
    built = any(each.spec.image is None for each in containers)
    return ("compute", *(("artifactregistry",) if built else ()))


def workload(foundation: Foundation, container: Wanted, around: Around) -> Machine:
    """Decide the group of machines that runs a container."""
    return machine(foundation, container, around)


def tell(container: Wanted, problems: Problems) -> None:
    """Refuse what no health check of Compute Engine takes. All else is told where it is decided.

    https://cloud.google.com/load-balancing/docs/health-check-concepts#criteria-protocol-http
    """
    check = container.spec.health_check
    if check.successes != (range(200, 201),):
        problems.error(
            "unsupported",
            f"container `{container.name}`: health checks of Compute Engine take 200 alone for success",
            container.at("health_check", "success"),
            f"let {check.path} answer 200, or write another path",
        )


def ground(foundation: Foundation, workloads: Sequence[Workload]) -> Machines:
    """Collect the groups, in the order of the spec."""
    return Machines(
        prefix=foundation.prefix,
        project=foundation.project,
        region=foundation.region,
        encrypted=foundation.customer_key,
        machines=tuple(each for each in workloads if isinstance(each, Machine)),
    )
