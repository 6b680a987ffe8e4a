"""What runs a container on Google Cloud: Cloud Run, always or while something comes, or machines."""

from __future__ import annotations

from rig.facts.gcp.functions import Function, Started
from rig.facts.gcp.machines import Machine
from rig.facts.gcp.runs import TYPES, Run
from rig.facts.scene import Scene, label


def run(scene: Scene, name: str) -> Run | Machine:
    """Return what runs a container. Raises MissingResourceError."""
    container = scene.deployment.containers[name]
    match scene.deployment.platform(container):
        case "virtual_machines":
            return Machine.find(scene.root, label(name))
        case "functions":
            return Function(scene.root.get(TYPES["service"], label(name)), ("template",), container)
        case _:
            return on_cloud_run(scene, name)


def on_cloud_run(scene: Scene, name: str) -> Run:
    """Return what runs a container on Cloud Run always, or to an end. Raises MissingResourceError."""
    container = scene.deployment.containers[name]
    kind = container.kind
    if kind == "function":
        return Started(scene.root.get(TYPES["service"], label(name)), ("template",), container)
    resource = scene.root.get(TYPES[kind], label(name))
    return Run(resource, ("template", "template") if kind == "job" else ("template",))
