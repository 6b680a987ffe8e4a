"""Rectangles and points on a drawing, in whole pixels, and which of many lie at a place.

A picture of a thousand services has as many arrows. To compare each with each takes minutes, so both kinds are kept by
rows, and a question looks at the rows of its own rectangle only.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable

from cloudgen.dataclass import dataclass

BAND = 64
"""Pixels that a row of rectangles is high: a few times a line of text."""

Point = tuple[int, int]


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """Its lower edge."""
        return self.y + self.height

    def overlaps(self, other: Box) -> bool:
        """Whether the two have a point inside of both."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom

    def around(self, space: int) -> Box:
        """This box, and the space around it."""
        return Box(self.x - space, self.y - space, self.width + 2 * space, self.height + 2 * space)

    def holds(self, point: Point) -> bool:
        """Whether a point lies inside."""
        return self.x <= point[0] <= self.right and self.y <= point[1] <= self.bottom


class Boxes:
    """Rectangles, by the bands of pixels that they touch."""

    def __init__(self, boxes: Iterable[Box]) -> None:
        self._bands: dict[int, list[Box]] = defaultdict(list)
        for box in boxes:
            self.add(box)

    def add(self, box: Box) -> None:
        """Take in another one."""
        for band in _bands(box):
            self._bands[band].append(box)

    def overlap(self, box: Box) -> bool:
        """Whether one of them has a point inside of this one, too."""
        return any(box.overlaps(other) for band in _bands(box) for other in self._bands.get(band, ()))


def _bands(box: Box) -> range:
    return range(box.y // BAND, box.bottom // BAND + 1)


class Points:
    """Points, in each row of pixels from left to right."""

    def __init__(self, points: Iterable[Point]) -> None:
        self._rows: dict[int, list[int]] = defaultdict(list)
        for x, y in points:
            self._rows[y].append(x)
        for row in self._rows.values():
            row.sort()

    def within(self, box: Box) -> int:
        """How many a rectangle holds."""
        rows = (self._rows[y] for y in range(box.y, box.bottom + 1) if y in self._rows)
        return sum(bisect_right(row, box.right) - bisect_left(row, box.x) for row in rows)
