"""What runs a container, whatever its platform."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rig.facts.aws.functions import Function, function
from rig.facts.aws.machines import Machines, machines
from rig.facts.aws.tasks import Task, task
from rig.facts.scene import Scene

Runner = Task | Machines | Function

RUNNERS: Mapping[str, Callable[[Scene, str], Runner]] = {
    "containers": task,
    "virtual_machines": machines,
    "functions": function,
}


def runner(scene: Scene, name: str) -> Runner:
    """Return what runs a container. Raises MissingResourceError."""
    return RUNNERS[scene.deployment.platform(scene.deployment.containers[name])](scene, name)
