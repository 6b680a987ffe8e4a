"""A spec as it was written: the data, and where in the file each key and value stands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

from cloudgen.dataclass import dataclass, field, replace
from cloudgen.errors import Position, Problem, SpecPath
from cloudgen.spec import secrecy

Data: TypeAlias = "str | list[Data] | dict[str, Data] | None"
"""What a YAML file holds once it is read; plain scalars are `PlainScalar`."""

_AROUND = 4096
"""Characters of a line to the left and right of a position that are looked at: more than a terminal shows."""
_BREAK = re.compile(r"\r\n|\r|\n")


class PlainScalar(str):
    """A scalar without quotes, exactly as it was written; the model decides whether it is a number or a boolean."""

    __slots__ = ()


class Place(NamedTuple):
    """Where a node stands: its value, and its key when it is an entry of a mapping."""

    value: Position
    key: Position | None = None


@dataclass(frozen=True)
class Excerpt:
    """A source line that may be printed, with the 0-based stretch that the caret marks. Of a very long
    line it is the part around that stretch."""

    text: str
    start: int
    length: int


@dataclass(frozen=True)
class Document:
    """A spec file that was read.

    `name` is how messages call it. `problems` are those that did not stop the reading, such as a duplicate key;
    `unreadable` are the paths whose data they spoiled, so that nothing further is said about them. `empty` are the
    paths of keys with nothing behind them, not even `null`. `secrets` are the stretches of each line (0-based) that
    are never printed; from line `parsed_lines` (0-based) on, the parser gave up and secrets are found by their look.
    """

    name: str
    lines: Sequence[str]
    data: Data = None
    places: Mapping[SpecPath, Place] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    unreadable: frozenset[SpecPath] = frozenset()
    empty: frozenset[SpecPath] = frozenset()
    secrets: Mapping[int, Sequence[secrecy.Span]] = field(default_factory=dict)
    parsed_lines: int | None = None

    @cached_property
    def _unparsed(self) -> dict[int, list[secrecy.Span]]:
        return {}

    def line(self, number: int) -> str:
        """Return line `number` (1-based) without its line break, or nothing when there is no such line."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def position(self, path: SpecPath, at: Literal["key", "value"] = "value") -> Position:
        """Return where the node stands. A path that is not in the file leads to the key of its nearest parent."""
        for end in range(len(path), -1, -1):
            place = self.places.get(path[:end])
            if place is not None:
                wants_key = at == "key" or end < len(path)
                return place.key if wants_key and place.key is not None else place.value
        return Position(1, 1)

    def locate(self, problems: Sequence[Problem]) -> tuple[Problem, ...]:
        """Give every problem its position, and sort them in the order of the file."""
        placed = [p if p.position else replace(p, position=self.position(p.path, p.at)) for p in problems]
        return tuple(sorted(placed, key=_order))

    def excerpt(self, position: Position) -> Excerpt:
        """Return the source line of a position with its secrets masked, and the place of the caret in it."""
        number = position.line - 1
        if not 0 <= number < len(self.lines):
            return Excerpt("", position.column - 1, 1)
        line = self.lines[number]
        spans = list(self.secrets.get(number, ()))
        if self.parsed_lines is not None and number >= self.parsed_lines:
            if number not in self._unparsed:
                self._unparsed[number] = secrecy.unparsed_spans(self.lines, number)
            spans += self._unparsed[number]
        start = min(position.column - 1, len(line))
        length = min(position.length, max(len(line) - start, 1))
        # A line may be a mebibyte long, and every problem shows its own part of it.
        left, right = max(0, start - _AROUND), start + _AROUND
        inside = [(max(a, left) - left, min(b, right) - left) for a, b in spans if a < right and b > left]
        text, moved = secrecy.mask(line[left:right], inside)
        return Excerpt(text, *_moved(start - left, min(length, _AROUND), moved))


def split_lines(text: str) -> list[str]:
    """Split a text into lines at the line breaks that YAML knows and cloudgen accepts."""
    return _BREAK.split(text)


def _moved(start: int, length: int, moved: Sequence[tuple[secrecy.Span, int]]) -> tuple[int, int]:
    """Move a stretch of a line to where it is after masking."""
    shift = 0
    for (old_start, old_end), new_start in moved:
        if start >= old_end:
            shift = new_start + len(secrecy.MASK) - old_end
        elif start + length > old_start:
            if start < old_start:
                return start + shift, new_start - start - shift
            return new_start, len(secrecy.MASK)
    return start + shift, length


def _order(problem: Problem) -> tuple[int, int]:
    position = problem.position or Position(1, 1)
    return position.line, position.column
