"""The way from a spec's path to a deployment and a target's stack, shared by the commands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cloudgen.dataclass import dataclass
from cloudgen.edits.versions import keep_versions
from cloudgen.errors import CloudgenError, Problem, SpecError
from cloudgen.sources import left_out
from cloudgen.spec.loader import DocumentError, load
from cloudgen.spec.parse import parse
from cloudgen.stack import TARGETS, clouds, coordinate_models, rendered_targets
from cloudgen.stack.clashes import check_shortened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cloudgen.edits import Memory
    from cloudgen.spec.deployment import Deployment
    from cloudgen.spec.document import Document
    from cloudgen.stack.base import Stack

SPEC_NAMES = ("cloudgen.yaml", "cloudgen.yml")


@dataclass(frozen=True)
class Spec:
    """A spec that was read and is valid in itself, and the folder that its relative paths start from."""

    document: Document
    deployment: Deployment
    folder: Path


def find_spec(stated: str | None) -> str:
    """Return the spec that was asked for, or the only one in the current folder. Raises `CloudgenError`."""
    if stated is not None:
        return stated
    found = [name for name in SPEC_NAMES if Path(name).exists()]
    if len(found) > 1:
        raise CloudgenError(f"there are {' and '.join(found)} in this folder: say which one, or remove one")
    if not found:
        raise CloudgenError("there is no cloudgen.yaml in this folder: name a spec, or make one with `cloudgen init`")
    return found[0]


def read_spec(stated: str | None) -> Spec:
    """Read and validate a spec, and what its folders leave out of builds.

    Raises `DocumentError` with all problems of the spec, `CloudgenError` for a file that cannot be read.
    """
    name = find_spec(stated)
    document = load(name)
    folder = Path() if name == "-" else Path(name).parent
    deployment = parse(document, coordinate_models())
    deployment.leave_out(left_out(folder, deployment.containers))
    return Spec(document, deployment, folder)


def chosen_targets(deployment: Deployment, stated: Sequence[str]) -> tuple[str, ...]:
    """Return the stated targets, each once; `all` are those the spec has coordinates for, or that need none."""
    names: list[str] = []
    for name in stated:
        names += [item for item in rendered_targets() if _is_addressed(deployment, item)] if name == "all" else [name]
    return tuple(dict.fromkeys(names))


def chosen_clouds(deployment: Deployment, stated: Sequence[str]) -> tuple[str, ...]:
    """Return the stated targets, or else the clouds that the spec has coordinates for."""
    return chosen_targets(deployment, stated) or tuple(name for name in clouds() if _is_addressed(deployment, name))


def build(spec: Spec, target: str, memory: Memory | None = None) -> Stack:
    """Make every decision for a target. Raises `DocumentError` when the spec asks for what it cannot do.

    `memory` is what is known of what was rendered before: a version that was chosen then stays.
    """
    if not _is_addressed(spec.deployment, target):
        title = TARGETS[target].title
        hint = f"add {target}: below targets; `cloudgen explain targets.{target}` tells its keys"
        problem = Problem("missing-target", f"the spec does not say where to run on {title}", ("targets",), "key", hint)
        raise DocumentError(spec.document.locate([problem]), spec.document)
    try:
        stack = TARGETS[target].build(keep_versions(spec.deployment, memory)[0])
    except SpecError as error:
        raise DocumentError(spec.document.locate(error.problems), spec.document) from error
    if clashes := check_shortened(stack):
        raise DocumentError(spec.document.locate(clashes), spec.document)
    return stack


def build_all(
    spec: Spec, targets: Sequence[str], *, strict: bool = False, memories: Mapping[str, Memory | None] | None = None
) -> tuple[dict[str, Stack], tuple[Problem, ...]]:
    """Build several targets' stacks; return them and their warnings.

    Raises `DocumentError` with the problems of all of them, the warnings included; under `strict` a warning is
    an error.
    """
    stacks: dict[str, Stack] = {}
    found: list[Problem] = []
    for target in targets:
        try:
            stacks[target] = build(spec, target, (memories or {}).get(target))
            found += stacks[target].warnings
        except SpecError as error:
            found += error.problems
    problems = spec.document.locate(tuple(dict.fromkeys(found)))
    if any(strict or problem.severity == "error" for problem in problems):
        raise DocumentError(problems, spec.document)
    return stacks, problems


def _is_addressed(deployment: Deployment, target: str) -> bool:
    return TARGETS[target].coordinates is None or deployment.targets.get(target) is not None
