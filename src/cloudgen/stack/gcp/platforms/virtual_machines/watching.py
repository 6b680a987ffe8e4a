"""How a group of machines is watched: its graphs, its alarms, and which logs are its own.

Compute Engine puts the name of its group on each machine as a system label.
https://cloud.google.com/monitoring/api/metrics_gcp_c#gcp-compute
"""

from __future__ import annotations

from collections.abc import Iterator

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import Address, join
from cloudgen.stack.gcp.alarms import Alarm, Graph, Threshold
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.logs import Condition
from cloudgen.stack.thresholds import MEMORY

GROUP = "metadata.system_labels.instance_group"
USED = 'metric.labels.state = "used"'


@dataclass(frozen=True)
class _Measure:
    title: str
    metric: str
    reducer: str
    whole: float
    """What all of it is: 1 or 100."""
    where: str = ""


CPU = _Measure("CPU", "compute.googleapis.com/instance/cpu/utilization", "REDUCE_MEAN", 1)
"""Of all machines on average, as the hypervisor sees it."""
IN_USE = _Measure("memory", "compute.googleapis.com/guest/memory/percent_used", "REDUCE_PERCENTILE_95", 100, USED)
"""Of the fullest machine, as Container-Optimized OS counts it.

https://cloud.google.com/container-optimized-os/docs/how-to/monitoring
"""


def graphs(group_name: str) -> tuple[Graph, ...]:
    """Machines, CPU and memory of a group."""
    size = "compute.googleapis.com/instance_group/size"
    section, named = "Machines", "instance_group_name"
    return (
        Graph(section, "Machines", size, "instance_group", named, group_name, "ALIGN_MAX", "REDUCE_SUM"),
        *(
            Graph(
                section,
                title,
                each.metric,
                "gce_instance",
                GROUP,
                group_name,
                "ALIGN_MEAN",
                each.reducer,
                where=each.where,
            )
            for title, each in (("CPU, share in use", CPU), ("Memory, percent in use", IN_USE))
        ),
    )


def alarms(foundation: Foundation, name: str, label: str, group: Address) -> Iterator[Alarm]:
    """CPU and memory in use: of all machines on average, and of the fullest."""
    for each, percent in ((CPU, foundation.deployment.monitoring.alerts.cpu), (IN_USE, MEMORY)):
        where = f" AND {each.where}" if each.where else ""
        yield Alarm(
            label=f"{label}_machines_{each.title.lower()}",
            name=f"{foundation.prefix}: {name} {each.title}",
            description=f"{name} has used more than {percent:g}% of its {each.title} for 15 minutes.",
            condition=Threshold(
                filter=join(
                    f'metric.type = "{each.metric}" AND resource.type = "gce_instance"{where} AND {GROUP} = "',
                    group.name,
                    '"',
                ),
                aligner="ALIGN_MEAN",
                reducer=each.reducer,
                group_by=(GROUP,),
                value=percent / 100 * each.whole,
            ),
            duration=900,
        )


def logs(group_name: str) -> tuple[Condition, ...]:
    """What Docker sends of the container, by the label that it was started with; what the console of a machine shows.

    https://docs.docker.com/engine/logging/drivers/gcplogs/
    """
    container = f'jsonPayload.container.metadata.container = "{group_name}"'
    console = f'labels."compute.googleapis.com/resource_name" =~ "^{group_name}-[a-z0-9]{{4}}$"'
    return (Condition("gce_instance", f"({container} OR {console})"),)
