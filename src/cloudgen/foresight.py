"""What an edit of the spec does to what was rendered before, on the way from the spec to the folders of its targets."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from cloudgen import deliver, pipeline
from cloudgen.dataclass import dataclass, replace
from cloudgen.edits import Asked, Memory, compare, keep_versions
from cloudgen.edits.memory import load
from cloudgen.edits.words import UNKNOWN
from cloudgen.errors import OutputError
from cloudgen.output import recall
from cloudgen.printable import printable
from cloudgen.spec.loader import DocumentError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from cloudgen.deliver import Delivery
    from cloudgen.errors import Problem
    from cloudgen.pipeline import Spec
    from cloudgen.stack.base import Stack


@dataclass(frozen=True)
class Prepared:
    """What can be written for each target, and what there is to say about it first: warnings, and refused edits."""

    deliveries: tuple[Delivery, ...]
    problems: tuple[Problem, ...]

    @property
    def is_refused(self) -> bool:
        """Whether nothing may be written."""
        return any(problem.severity == "error" for problem in self.problems)


def prepare(spec: Spec, targets: Sequence[str], output: Path | None, asked: Asked, *, strict: bool = False) -> Prepared:
    """Build and render for each target, and compare with its folder; nothing is written.

    Raises `DocumentError` where the spec is invalid or, under `strict`, has warnings. What an edit does is no warning
    about the spec: `strict` leaves it alone. Raises `OutputError` for a folder that cannot be read.
    """
    anchor = spec.folder if output is None else None
    folders = {target: deliver.folder(spec.folder, output, targets, target) for target in targets}
    memories = {target: remembered(path, anchor) for target, path in folders.items()}
    stacks, warnings = pipeline.build_all(spec, targets, strict=strict, memories=memories)
    deliveries = tuple(
        deliver.prepare(stack, folders[target], anchor, memories[target], asked) for target, stack in stacks.items()
    )
    kept = [problem for memory in memories.values() for problem in keep_versions(spec.deployment, memory)[1]]
    told = _told([delivery.problems for delivery in deliveries])
    return Prepared(deliveries, spec.document.locate(tuple(dict.fromkeys((*warnings, *kept, *told)))))


def write(spec: Spec, prepared: Prepared, *, force: bool) -> None:
    """Write the folders. Raises `DocumentError` when an edit is refused, and what `deliver.write` raises."""
    if prepared.is_refused:
        raise DocumentError(prepared.problems, spec.document)
    deliver.write(prepared.deliveries, force=force)


def remembered(folder: Path, anchor: Path | None) -> Memory | None:
    """What is known of the deployment in a folder; None where nothing was rendered yet. Raises `OutputError`."""
    return load(recall(folder, anchor), printable(str(folder)))


def foreseen(spec: Spec, memories: Mapping[str, Memory | None], stacks: Mapping[str, Stack]) -> tuple[Problem, ...]:
    """What rendering into the usual folders would do, as warnings: a spec can be valid and its edit refused."""
    found: list[Problem] = []
    for target, stack in stacks.items():
        memory = memories[target]
        shown = printable(str(deliver.folder(spec.folder, None, list(stacks), target)))
        found += keep_versions(spec.deployment, memory)[1]
        found += compare(stack, memory, Asked(), shown).problems
    return tuple(replace(problem, severity="warning") for problem in dict.fromkeys(found))


def usual_memories(spec: Spec, targets: Sequence[str]) -> dict[str, Memory | None]:
    """What is known of the usual folders of some targets. One that cannot be read is left to `render`."""
    memories: dict[str, Memory | None] = dict.fromkeys(targets)
    for target in targets:
        with suppress(OutputError):
            memories[target] = remembered(deliver.folder(spec.folder, None, targets, target), spec.folder)
    return memories


def _told(found: Sequence[Sequence[Problem]]) -> list[Problem]:
    """What is told of all targets: a name that one of them knows is no unknown name."""
    return [
        problem
        for problems in found
        for problem in problems
        if problem.code != UNKNOWN or all(problem in others for others in found)
    ]
