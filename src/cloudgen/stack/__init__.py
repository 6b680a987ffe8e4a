"""The registry: the only place that knows which targets exist.

Importing it is cheap, because the command line lists the targets in its help; a target's own modules are
imported when it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from cloudgen.dataclass import dataclass

if TYPE_CHECKING:
    from pathlib import Path

    from cloudgen.spec.deployment import Deployment
    from cloudgen.spec.types import StrictModel
    from cloudgen.stack.base import Stack
    from cloudgen.stack.parity import Parity


@dataclass(frozen=True)
class Target:
    """Something that a spec can be rendered for.

    `module` has `build(deployment) -> Stack`. `coordinates` is `module:Class` of the model of `targets.<name>` in the
    spec, or None for a target that needs none. `parity` is `module:name` of a function that returns how well each
    field of the spec is supported; a target that is no cloud has none. `templates` is the folder that holds the
    target's folder of templates, or None where cloudgen's own do. `rendered` is False while a target can be
    named in a spec, but not rendered yet.
    """

    name: str
    title: str
    module: str
    coordinates: str | None = None
    parity: str | None = None
    templates: Path | None = None
    rendered: bool = True

    def build(self, deployment: Deployment) -> Stack:
        """Make every decision for this target; raises `SpecError` when the spec asks for what it cannot do."""
        return cast("Stack", import_module(self.module).build(deployment))

    def support(self) -> Parity | None:
        """How well each field of the spec is supported; None for a target that is no cloud."""
        return cast("Parity", _named(self.parity)()) if self.parity else None


TARGETS: dict[str, Target] = {
    target.name: target
    for target in (
        Target(
            "aws",
            "AWS",
            "cloudgen.stack.aws.stack",
            "cloudgen.stack.aws.target:AwsTarget",
            "cloudgen.stack.aws.parity:parity",
        ),
        Target(
            "gcp",
            "Google Cloud",
            "cloudgen.stack.gcp.stack",
            "cloudgen.stack.gcp.target:GcpTarget",
            "cloudgen.stack.gcp.parity:parity",
        ),
        Target("docker", "Docker", "cloudgen.stack.docker"),
    )
}


def rendered_targets() -> tuple[str, ...]:
    """The names that `render --target` accepts, in the order of the registry."""
    return tuple(name for name, target in TARGETS.items() if target.rendered)


def clouds() -> tuple[str, ...]:
    """The rendered targets that state how well they support the spec, in the order of the registry."""
    return tuple(name for name in rendered_targets() if TARGETS[name].parity)


def coordinate_models() -> dict[str, type[StrictModel]]:
    """The models of the section `targets`, by target, for `spec.deployment.deployment_model`."""
    return {name: _named(target.coordinates) for name, target in TARGETS.items() if target.coordinates}


def _named(place: str) -> Any:
    """Import what `module:NAME` names."""
    module, _, attribute = place.partition(":")
    return getattr(import_module(module), attribute)
