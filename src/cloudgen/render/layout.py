"""Where the parts of a flowchart go on a drawing: columns of boxes from left to right, arrows between them.

All measures are pixels of the drawing, from its top left corner. They are whole numbers, so that the same chart gives
the same bytes everywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from cloudgen.dataclass import dataclass
from cloudgen.render.geometry import Box, Boxes, Point, Points
from cloudgen.stack.flowchart import Edge, Flowchart, Group, Node

MARGIN = 24
TITLE = 40
"""What the drawing's title takes."""
GAP = 14
"""Between nodes, and between a box and what is in it."""
BETWEEN_BOXES = 24
HEADING = 26
"""What the title of a box takes."""
BETWEEN_COLUMNS, FOR_ARROW, MOST_BETWEEN = 90, 10, 210
"""The room on the right of a column: at least, for each arrow through it, and at most."""
LINE = 17
PADDING = 12
BULGE = 50
"""How far an arrow between two nodes of one column goes out of it."""
HEAD = 12
"""How far the text of an arrow stays from nodes, so that the heads of arrows are seen."""
STEPS = 24
"""How many pieces an arrow is looked at in, to find a place for its text."""

_NARROW, _WIDE = frozenset(" .,:;/()[]!|'-fijlrtI1"), frozenset("mwMW%@+~")
_EM = {"narrow": 0.46, "usual": 0.72, "wide": 1.06}
"""Upper bounds of a character's width in bold DejaVu Sans, the widest of the usual fonts."""


@dataclass(frozen=True)
class Arrow:
    """A cubic Bézier curve by its four points; `label` is where its text goes, if it has any."""

    edge: Edge
    points: tuple[Point, ...]
    label: Box | None


@dataclass(frozen=True)
class Layout:
    """Where everything is. Groups without nodes, or without a title, have no box."""

    width: int
    height: int
    groups: Sequence[tuple[Group, Box]]
    nodes: Mapping[str, Box]
    arrows: Sequence[Arrow]


def text_width(text: str, size: int) -> int:
    """The most that a text takes in a usual font of this size."""
    ems = sum(_EM["narrow" if char in _NARROW else "wide" if char in _WIDE else "usual"] for char in text)
    return round(ems * size)


def layout(chart: Flowchart) -> Layout:
    """Place everything; raises `KeyError` for an edge whose node does not exist."""
    columns: dict[int, list[Group]] = defaultdict(list)
    for group in chart.groups:
        if group.nodes:
            columns[group.column].append(group)
    boxes: list[tuple[Group, Box]] = []
    nodes: dict[str, Box] = {}
    place = {node.key: group.column for group in chart.groups for node in group.nodes}
    x = right = MARGIN
    for column, groups in sorted(columns.items()):
        width = max(_node_width(node) for group in groups for node in group.nodes)
        width = max(width, *(text_width(group.title, 12) for group in groups))
        y = MARGIN + TITLE
        for group in groups:
            top = y
            y += HEADING + GAP
            for node in group.nodes:
                nodes[node.key] = Box(x + GAP, y, width, 2 * PADDING + LINE * len(node.lines))
                y = nodes[node.key].bottom + GAP
            if group.title:
                boxes.append((group, Box(x, top, width + 2 * GAP, y - top)))
            y += BETWEEN_BOXES
        right = x + width + 2 * GAP
        x = right + _room(column, chart.edges, place)
    arrows = tuple(_arrows(chart.edges, nodes, place))
    right = max([right, *(px for arrow in arrows for px, _ in arrow.points), MARGIN + text_width(chart.title, 16)])
    return Layout(right + MARGIN, max(box.bottom for box in nodes.values()) + GAP + MARGIN, boxes, nodes, arrows)


def _room(column: int, edges: Sequence[Edge], place: Mapping[str, int]) -> int:
    """How wide the space on the right of a column is."""
    across = sum(min(place[edge.start], place[edge.end]) == column for edge in edges)
    return min(BETWEEN_COLUMNS + FOR_ARROW * across, MOST_BETWEEN)


def _node_width(node: Node) -> int:
    first, *others = node.lines
    return 2 * PADDING + max(text_width(first, 13), *(text_width(line, 12) for line in others), 110)


def _arrows(edges: Sequence[Edge], nodes: Mapping[str, Box], place: Mapping[str, int]) -> Iterator[Arrow]:
    ends = _ends(edges, nodes, place)
    curves = []
    for index, edge in enumerate(edges):
        (x1, y1), (x2, y2) = ends[index, edge.start], ends[index, edge.end]
        same = place[edge.start] == place[edge.end]
        bend = max(x1, x2) + BULGE if same else (x1 + x2) // 2
        curves.append(((x1, y1), (bend, y1), (bend, y2), (x2, y2)))
    traces = [[_point(curve, step / STEPS) for step in range(STEPS + 1)] for curve in curves]
    taken = Boxes(box.around(HEAD) for box in nodes.values())
    passing = Points(point for trace in traces for point in trace)
    for index, edge in enumerate(edges):
        label = _label(edge.text, traces[index], taken, passing) if edge.text else None
        if label:
            taken.add(label)
        yield Arrow(edge, curves[index], label)


def _ends(edges: Sequence[Edge], nodes: Mapping[str, Box], place: Mapping[str, int]) -> dict[tuple[int, str], Point]:
    """Where each edge leaves and enters: on the side that faces the other node, spread so that none lies on another."""
    sides: dict[tuple[str, bool], list[tuple[int, int]]] = defaultdict(list)
    for index, edge in enumerate(edges):
        for key, other in ((edge.start, edge.end), (edge.end, edge.start)):
            sides[key, place[other] >= place[key]].append((nodes[other].y, index))
    ends = {}
    for (key, to_right), others in sides.items():
        box = nodes[key]
        for position, (_, index) in enumerate(sorted(others)):
            y = box.y + box.height * (position + 1) // (len(others) + 1)
            ends[index, key] = (box.right if to_right else box.x, y)
    return ends


def _label(text: str, trace: Sequence[Point], taken: Boxes, passing: Points) -> Box:
    """A place on the arrow, rather near its end, where nothing else stands and as few arrows as possible pass."""
    width, height = text_width(text, 11) + 8, 16
    places = [Box(x - width // 2, y - height // 2, width, height) for x, y in reversed(trace[2:-2])]
    free = [box for box in places if not taken.overlap(box)]
    return min(free or places, key=lambda box: passing.within(box) - sum(box.holds(point) for point in trace))


def _point(points: tuple[Point, ...], t: float) -> Point:
    """A point of a cubic Bézier curve, `t` from 0 at its start to 1 at its end."""
    weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
    x = sum(weight * point[0] for weight, point in zip(weights, points, strict=True))
    y = sum(weight * point[1] for weight, point in zip(weights, points, strict=True))
    return round(x), round(y)
