"""The registry: the only place that knows which targets exist.

Importing it is cheap, because the command line lists the targets in its help; a target's own modules are
imported when it is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from cloudgen.spec.deployment import Deployment
    from cloudgen.spec.types import StrictModel
    from cloudgen.stack.base import Stack


@dataclass(frozen=True)
class Target:
    """Something that a spec can be rendered for.

    `module` has `build(deployment) -> Stack`. `coordinates` is `module:Class` of the model of `targets.<name>` in the
    spec, or None for a target that needs none. `rendered` is False while a target can be named in a spec,
    but not rendered yet.
    """

    name: str
    title: str
    module: str
    coordinates: str | None = None
    rendered: bool = True

    def build(self, deployment: Deployment) -> Stack:
        """Make every decision for this target; raises `SpecError` when the spec asks for what it cannot do."""
        return cast("Stack", import_module(self.module).build(deployment))


TARGETS: dict[str, Target] = {
    target.name: target
    for target in (
        Target("aws", "AWS", "cloudgen.stack.aws.stack", "cloudgen.stack.aws.target:AwsTarget"),
        Target("gcp", "Google Cloud", "cloudgen.stack.gcp", "cloudgen.stack.gcp.target:GcpTarget", rendered=False),
        Target("docker", "Docker", "cloudgen.stack.docker"),
    )
}


def rendered_targets() -> tuple[str, ...]:
    """The names that `render --target` accepts, in the order of the registry."""
    return tuple(name for name, target in TARGETS.items() if target.rendered)


def coordinate_models() -> dict[str, type[StrictModel]]:
    """The models of the section `targets`, by target, for `spec.deployment.deployment_model`."""
    models = {}
    for name, target in TARGETS.items():
        if target.coordinates:
            module, _, attribute = target.coordinates.partition(":")
            models[name] = getattr(import_module(module), attribute)
    return models
