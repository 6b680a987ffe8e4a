"""Compares a stack with what is remembered of its folder, and says what the edit does, at the line of the spec."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from cloudgen.dataclass import dataclass
from cloudgen.edits.memory import Blocks, Memory, of_stack
from cloudgen.edits.words import became, changed, goes, guarded, held_elsewhere, is_back, still_there, unknown
from cloudgen.stack.base import Address
from cloudgen.stack.held import Removed, removed_file

if TYPE_CHECKING:
    from cloudgen.edits.memory import Remembered
    from cloudgen.errors import Problem
    from cloudgen.stack.base import Stack
    from cloudgen.stack.held import Fact, Held


@dataclass(frozen=True)
class Asked:
    """The parts that the user named: those that may be destroyed, and those that are to be let go."""

    destroy: frozenset[str] = frozenset()
    forget: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Verdict:
    """What an edit does. With an error among `problems` nothing may be written."""

    problems: tuple[Problem, ...]
    removed: tuple[Removed, ...]
    """What each module lets go, beside what the stack renders."""
    memory: Memory
    """What is to be remembered once it is written."""


def compare(stack: Stack, memory: Memory | None, asked: Asked, folder: str) -> Verdict:
    """Compare a stack with what is remembered of a folder, which messages call `folder`.

    Where nothing is remembered, nothing is told: it is the first render, or the first one with this cloudgen.
    """
    known = memory or Memory({}, {})
    if strangers := tuple(_strangers(stack, known, folder)):
        return Verdict(strangers, (), known)
    held = {part.name: part for part in stack.held}
    gone = [name for name, part in known.parts.items() if part.keeps and name not in held]
    let_go = _let_go(known, held, gone, asked)
    problems = (
        *(still_there(held[name]) for name in sorted(asked.forget & held.keys())),
        *(unknown(name) for name in sorted(asked.forget | asked.destroy) if not _is_known(name, known, held)),
        *(is_back(held[name]) for name in sorted(known.let_go.keys() & held.keys())),
        *(_gone(name, known, held, asked) for name in gone if name not in asked.forget),
        *(guarded(name, part, allowed=name in asked.destroy) for name, part in _guarded(known, held)),
        *_changes(known, held, asked),
    )
    return Verdict(problems, _removed(stack, let_go), of_stack(stack, let_go))


def _guarded(known: Memory, held: Mapping[str, Held]) -> Iterator[tuple[str, Remembered]]:
    """Yield what is gone and was guarded when it was rendered last."""
    yield from ((name, part) for name, part in known.parts.items() if part.guarded and name not in held)


def _is_known(name: str, known: Memory, held: Mapping[str, Held]) -> bool:
    return name in known.parts or name in known.let_go or name in held


def _strangers(stack: Stack, known: Memory, folder: str) -> Iterator[Problem]:
    """Yield a problem for each mark by which the folder is another deployment's."""
    target = known.deployment.get("target", stack.target)
    if target != stack.target:
        yield held_elsewhere(folder, "target", target, stack.target, ("targets",))
        return
    for mark in stack.identity:
        recorded = known.deployment.get(mark.name, "")
        if recorded and mark.value and recorded != mark.value:
            yield held_elsewhere(folder, mark.name, recorded, mark.value, mark.path)


def _let_go(known: Memory, held: Mapping[str, Held], gone: list[str], asked: Asked) -> dict[str, Blocks]:
    """What is not managed any more: until it is in the spec again, or its destruction is asked for by its name."""
    before = {name: blocks for name, blocks in known.let_go.items() if name not in held and name not in asked.destroy}
    return {**before, **{name: known.parts[name].blocks for name in gone if name in asked.forget}}


def _removed(stack: Stack, let_go: Mapping[str, Blocks]) -> tuple[Removed, ...]:
    """The files of `removed` blocks: of the modules that are rendered, without what they still render."""
    files = []
    for module, rendered in stack.modules.items():
        present = {str(block) for block in rendered}
        texts = dict.fromkeys(text for blocks in let_go.values() for text in blocks.get(module, ()))
        addresses = tuple(Address(*text.split(".", 1)) for text in texts if text not in present)
        if addresses:
            files.append(Removed(removed_file(module), addresses))
    return tuple(files)


def _gone(name: str, known: Memory, held: Mapping[str, Held], asked: Asked) -> Problem:
    """What is told of a part that is no longer in the spec: at the one that has its place, if there is just one."""
    section = name.rpartition(".")[0]
    new = [part for other, part in held.items() if other.rpartition(".")[0] == section and other not in known.parts]
    gone = [other for other in known.parts if other.rpartition(".")[0] == section and other not in held]
    if len(new) == len(gone) == 1 and section:
        return became(name, known.parts[name], new[0], allowed=name in asked.destroy)
    return goes(name, known.parts[name], allowed=name in asked.destroy)


def _changes(known: Memory, held: Mapping[str, Held], asked: Asked) -> Iterator[Problem]:
    """Yield what is told of the parts that are still there, fact by fact."""
    for name, part in held.items():
        before = known.parts.get(name)
        for fact in part.facts if before else ():
            recorded = before.facts.get(fact.name) if before else None
            if recorded is None or recorded == fact.value or fact.effect == "stays":
                continue
            if {recorded, fact.value} <= set(fact.alike):
                continue
            yield changed(part, fact, recorded, back=_is_back(fact, recorded), allowed=name in asked.destroy)
            if fact.effect == "loses":
                break  # What else changes does so in the new one.


def _is_back(fact: Fact, recorded: str) -> bool:
    steps = fact.ladder
    return recorded in steps and fact.value in steps and steps.index(recorded) > steps.index(fact.value)
