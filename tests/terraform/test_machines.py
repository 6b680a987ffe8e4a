"""Machines of every kind live a whole life: services and workers, on demand and spot, of both processors.

One spec has them all, so that one life shows them all: applied, planned again, given new images, destroyed.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from rig.figures import Figures
from rig.tools.toolbox import Require
from rig.updates.imagined import Imagined

pytestmark = pytest.mark.terraform

SECTION = "Machines of every kind, on the stand-ins"
KINDS, PROCESSORS = ("service", "worker"), ("amd64", "arm64")
MACHINES = ("virtual_machines", ("instances", "spot"))
CLUSTER = ("containers", ("instances", "spot_instances"))
GROUPS = {"aws": "aws_autoscaling_group.", "gcp": "google_compute_region_instance_group_manager."}
"""What machines come in, by cloud."""
RUNS = {
    ("aws", "virtual_machines"): "aws_launch_template.",
    ("aws", "containers"): "aws_ecs_task_definition.",
    ("gcp", "virtual_machines"): "google_compute_region_instance_template.",
}
"""What names the image of a container."""


def every_kind(platform: str, capacities: tuple[str, str]) -> dict[str, Any]:
    """Return a spec with a container of each kind, capacity and processor."""
    containers: dict[str, Any] = {}
    for kind, capacity, processor in product(KINDS, capacities, PROCESSORS):
        name = f"{kind}-{'spot' if 'spot' in capacity else 'demand'}-{processor}"
        about = {"port": 8000} if kind == "service" else {"command": ["python", "-m", "shop.worker"]}
        built = {"context": name}
        containers[name] = {"capacity": capacity, "architecture": processor, "build": built, **about}
    services = [name for name, about in containers.items() if "port" in about]
    return {
        "version": 1,
        "name": "shop",
        "environment": "staging",
        "targets": {
            "aws": {"region": "eu-west-1", "account": "111122223333"},
            "gcp": {"region": "europe-west1", "project": "acme-shop"},
        },
        "compute": {"platform": platform},
        "containers": containers,
        "load_balancer": {
            "routes": [{"path": "/" if not at else f"/{at}", "container": name} for at, name in enumerate(services)]
        },
        "networking": {"zones": 2, "nat": "single", "private_endpoints": False, "flow_logs": False},
        "monitoring": {"dashboard": False},
        "security": {"deletion_protection": False},
    }


@pytest.mark.parametrize(
    ("cloud", "platform", "capacities"),
    [("aws", *MACHINES), ("gcp", *MACHINES), ("aws", *CLUSTER)],
    ids=["aws-machines", "gcp-machines", "aws-cluster"],
)
def test_machines_of_every_kind_live(
    cloud: str, platform: str, capacities: tuple[str, str], require: Require, tmp_path: Path, figures: Figures
) -> None:
    require("terraform")
    spec = every_kind(platform, capacities)
    with Imagined.opened(tmp_path, cloud) as world:
        first = world.play(spec)
        assert not first.again, list(first.again.lines())
        groups = [address for address in world.addresses() if address.startswith(GROUPS[cloud])]
        shared = len(capacities) * len(PROCESSORS)
        assert len(groups) == (shared if platform == "containers" else len(spec["containers"]))

        update = world.new_images()
        changed = {*update.outcome.updated, *update.outcome.replaced}
        named = {address for address in world.addresses() if address.startswith(RUNS[cloud, platform])}
        assert len(named) >= len(spec["containers"])
        pools = {address for address in named if platform == "containers" and ".instances_" in address}
        assert named - pools <= changed
        assert not update.outcome.removed
        assert not update.again, list(update.again.lines())

        world.destroy(spec)
    figures.count(
        SECTION,
        **{"kinds applied, planned again, given new images, destroyed": len(spec["containers"])},
        resources=len(first.outcome.added),
    )
    figures.tell(SECTION, f"{cloud}, {platform}: {', '.join(spec['containers'])}")
