"""Brings a target's stack to its folder, and tells what that changes."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from cloudgen import report
from cloudgen.dataclass import dataclass
from cloudgen.edits import Asked, compare
from cloudgen.output import Change, Changes, Kind, apply, plan, unified
from cloudgen.printable import printable, printable_lines
from cloudgen.render import render
from cloudgen.stack import TARGETS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cloudgen.edits import Memory
    from cloudgen.errors import Problem
    from cloudgen.render.files import RenderedFile
    from cloudgen.stack.base import Stack

DEFAULT_FOLDER = "deploy"

_VERBS = {Kind.CREATED: "create", Kind.UPDATED: "update", Kind.REMOVED: "remove"}


@dataclass(frozen=True)
class Delivery:
    """The rendered files of one target, compared with what its folder holds.

    `problems` say what the edit does to what was rendered before; with an error among them nothing is written.
    """

    stack: Stack
    changes: Changes
    problems: tuple[Problem, ...] = ()


def folder(base: Path, stated: Path | None, targets: Sequence[str], target: str) -> Path:
    """Return the folder of a target: what was stated, with a folder a target below it when there are several."""
    if stated is None:
        return base / DEFAULT_FOLDER / target
    return stated / target if len(targets) > 1 else stated


def prepare(
    stack: Stack, path: Path, anchor: Path | None = None, memory: Memory | None = None, asked: Asked | None = None
) -> Delivery:
    """Render a stack and compare it with a folder; nothing is written. Raises `OutputError`.

    `anchor` is the folder of the spec where the way from there was cloudgen's choice, and None where a user stated it.
    `memory` is what is known of the folder's deployment, `asked` what the user named to be destroyed or let go.
    """
    verdict = compare(stack, memory, asked or Asked(), printable(str(path)))
    changes = plan(rendered(stack.letting_go(verdict.removed)), path, anchor, verdict.memory.dump())
    return Delivery(stack, changes, verdict.problems)


def rendered(stack: Stack) -> tuple[RenderedFile, ...]:
    """Render a stack from the templates that its target brings."""
    return render(stack, TARGETS[stack.target].templates)


def write(deliveries: Sequence[Delivery], *, force: bool) -> None:
    """Write all folders, of which none was refused.

    Raises `EditedError` before anything is written where edits would be lost, and `OutputError`.
    """
    # Folders with somebody's edits come first: they are refused before any other is touched.
    for delivery in sorted(deliveries, key=lambda delivery: not delivery.changes.conflicts):
        apply(delivery.changes, force=force)


def diff(delivery: Delivery, paint: report.Painter) -> str:
    """Return a unified diff of the changes."""
    return "".join(_painted(line, paint) for line in unified(delivery.changes).split("\n"))[:-1]


def _painted(line: str, paint: report.Painter) -> str:
    line = printable_lines(line)
    style = {"+": "added", "-": "removed", "@": "frame"}.get(line[:1])
    return (paint(style, line) if style else line) + "\n"


def told(delivery: Delivery, *, is_dry: bool) -> str:
    """Tell what was written, or would be, and what to do next."""
    changes = delivery.changes
    named = [(_verb(change), change.path) for change in changes.differences]
    counts = [
        f"{count} {_done(verb, is_dry=is_dry)}" for verb in _ORDER if (count := [v for v, _ in named].count(verb))
    ]
    counts.append(f"{len(changes.of(Kind.UNCHANGED))} unchanged")
    lines = [f"{printable(str(changes.folder))}: {', '.join(counts)}"]
    lines += [f"  {verb} {printable(path)}" for verb, path in sorted(named, key=lambda item: _ORDER.index(item[0]))]
    if is_dry and changes.conflicts:
        lines.append(
            "  edited by somebody: needs --force: " + ", ".join(printable(change.path) for change in changes.conflicts)
        )
    commands = list(delivery.stack.next_commands)
    if not is_dry and commands:
        lines.append(f"next: cd {printable(shlex.quote(str(changes.folder)))}")
        lines += [f"      {command}" for command in commands]
    return "".join(f"{line}\n" for line in lines)


_ORDER = ("create", "update", "overwrite", "remove")


def _verb(change: Change) -> str:
    if change.after is None:
        return "remove"
    return _VERBS.get(change.kind, "overwrite")


def _done(verb: str, *, is_dry: bool) -> str:
    if is_dry:
        return f"to {verb}"
    return "overwritten" if verb == "overwrite" else f"{verb.removesuffix('e')}ed"
