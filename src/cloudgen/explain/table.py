"""The text of `cloudgen explain SPEC`: the targets side by side, and what is not exact, within 100 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from cloudgen.printable import printable
from cloudgen.report import Painter
from cloudgen.spec import secrecy
from cloudgen.stack.summary import PARTS

if TYPE_CHECKING:
    from cloudgen.explain.spec import FieldView, Resolved, Side
    from cloudgen.stack.summary import SummaryRow

WIDTH = 100
LEFT = 22
"""Columns for the names, before the first target."""
GAP = 2
NARROWEST = 20
"""Columns that a target has at least, however many there are."""
NOTHING = "-"
SHOWN = 60
"""Characters of a value that are shown."""


_Difference = tuple[str, str, tuple[tuple[str, str, str], ...]]
"""A field, its value (nothing for a section), and for each cloud the level with the sentence."""


def text(view: Resolved, paint: Painter) -> str:
    """Write the view for people."""
    deployment = view.spec.deployment
    lines = [f"{deployment.name}, {deployment.environment}: every resource name begins with {deployment.prefix}"]
    sides = [side for side in view.sides if side.stack is not None]
    if sides:
        lines += ["", *_table(sides, paint)]
    lines += _failures(view)
    if not view.sides:
        lines += ["", "the spec names no cloud: say where to run below targets"]
    differing = [field for field in view.fields if field.differing]
    if differing:
        lines += ["", paint("bold", "not exact"), *_differences(differing)]
    elif any(side.parity for side in view.sides):
        lines += ["", "everything that the spec says is done exactly"]
    return "".join(f"{printable(line).rstrip()}\n" if "\033" not in line else f"{line}\n" for line in lines)


def _failures(view: Resolved) -> Iterator[str]:
    failed = [side for side in view.sides if side.stack is None]
    for index, side in enumerate(failed):
        if index == 0:
            yield ""
        errors = sum(problem.severity == "error" for problem in side.problems)
        yield f"{side.name}: cannot be rendered, {errors} error{'s' if errors != 1 else ''}"


def _table(sides: Sequence[Side], paint: Painter) -> Iterator[str]:
    width = max(NARROWEST, (WIDTH - LEFT - GAP * (len(sides) - 1)) // len(sides))
    yield paint("bold", _line("", [side.name for side in sides], width))
    for part in dict.fromkeys((*PARTS, *(row.part for side in sides for row in side.rows))):
        found = [{row.name: row for row in side.rows if row.part == part} for side in sides]
        names = list(dict.fromkeys(name for rows in found for name in rows))
        if names:
            yield paint("bold", part)
        for name in names:
            yield from _thing(name, [rows.get(name) for rows in found], width)


def _thing(name: str, rows: Sequence[SummaryRow | None], width: int) -> Iterator[str]:
    yield from _cells(f"  {name}", [row.resource if row else NOTHING for row in rows], width)
    keys = list(dict.fromkeys(key for row in rows if row for key in row.values))
    for key in keys:
        yield from _cells(f"    {key}", [_cell(row, key) for row in rows], width)


def _cell(row: SummaryRow | None, key: str) -> str:
    return row.values.get(key, NOTHING) if row else ""


def _cells(name: str, cells: Sequence[str], width: int) -> Iterator[str]:
    """Write one row, on as many lines as its longest cell needs."""
    wrapped = [textwrap.wrap(cell, width, break_on_hyphens=False) or [""] for cell in (*cells,)]
    for index in range(max(map(len, wrapped))):
        parts = [lines[index] if index < len(lines) else "" for lines in wrapped]
        yield _line(name if index == 0 else "", parts, width)


def _line(name: str, cells: Sequence[str], width: int) -> str:
    first = name.ljust(LEFT) if len(name) < LEFT else f"{name} "
    return (first + (" " * GAP).join(cell.ljust(width) for cell in cells)).rstrip()


def _differences(fields: Sequence[FieldView]) -> Iterator[str]:
    """What is not exact: fields that differ only in the name of a container or resource stand together."""
    groups: dict[_Difference, list[str]] = {}
    for field in fields:
        groups.setdefault(_difference(field), []).append(field.place)
    for (key, shown, told), places in groups.items():
        is_section = not shown
        place = key if is_section or len(places) > 1 else places[0]
        yield f"  {place}" + ("" if is_section else f": {shown}")
        width = max(len(name) for name, _, _ in told)
        for name, level, why in told:
            yield from wrapped(f"    {name.ljust(width)}  {level}: ", why)


def _difference(field: FieldView) -> _Difference:
    """A field with its value, or the section around it where that is what the tables speak of."""
    told = tuple((name, held.level, held.why) for name, held in field.differing.items())
    places = {held.place for held in field.differing.values()}
    if field.value is None or places != {field.key}:
        return min(places), "", told
    value, source = field.value.text, field.value.source
    shown = secrecy.shown(value, SHOWN)
    return field.key, shown + ("" if source == "spec" else f" ({source})"), told


def wrapped(start: str, sentence: str) -> list[str]:
    """Write a sentence behind its start; further lines stand below the sentence's own first word, if there is room."""
    indent = " " * (len(start) if len(start) < WIDTH // 2 else 6)
    lines = textwrap.wrap(f"{sentence}", WIDTH - len(start), break_on_hyphens=False) if len(start) < WIDTH // 2 else []
    if not lines:
        return textwrap.wrap(start + sentence, WIDTH, subsequent_indent=indent, break_on_hyphens=False)
    return [start + lines[0], *(indent + line for line in lines[1:])]


def supports(statuses: Mapping[str, Sequence[tuple[str, str]]]) -> Iterator[str]:
    """Write how well each cloud supports a field: by cloud, the level in words and the sentence."""
    width = max(map(len, statuses), default=0)
    for name, held in statuses.items():
        for index, (level, why) in enumerate(held):
            yield from wrapped(f"  {(name if index == 0 else '').ljust(max(width, 8))}  {level}: ", why)
