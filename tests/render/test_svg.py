"""The drawing of a flowchart: it shows all of it, nothing lies on anything else, and text is text."""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from cloudgen.pipeline import build, read_spec
from cloudgen.render.errors import RenderError
from cloudgen.render.geometry import Box
from cloudgen.render.layout import layout, text_width
from cloudgen.render.svg import to_svg
from cloudgen.stack.flowchart import Edge, Flowchart, Group, Node, Style
from rig.trees.golden import golden_cases

SVG = "{http://www.w3.org/2000/svg}"
STYLES = {"s": Style("#ffffff", "#000000", "#000000")}
CASES = [(cloud, case.name, case.spec) for cloud in ("aws", "gcp") for case in golden_cases(cloud)]


def chart_of(spec: Path, cloud: str) -> Flowchart:
    chart = getattr(build(read_spec(str(spec)), cloud), "diagram")  # noqa: B009  # each cloud has a stack of its own
    assert isinstance(chart, Flowchart)
    return chart


def crowd(count: int) -> Flowchart:
    """As many servers and databases, each connected to each, with a text, and each to its neighbour."""
    servers = tuple(Node(f"a{number}", (f"server-{number}", "service"), "s") for number in range(count))
    stores = tuple(Node(f"b{number}", (f"store-{number}",), "s") for number in range(count))
    edges = [Edge(one.key, other.key, "publish") for one in servers for other in stores]
    edges += [Edge(one.key, other.key) for one, other in pairwise(servers)]
    return Flowchart("crowd", (Group("Left", servers), Group("Right", stores, 1)), edges, STYLES)


CHARTS = [pytest.param(cloud, spec, id=f"{cloud}-{name}") for cloud, name, spec in CASES]


@pytest.mark.parametrize(("cloud", "spec"), CHARTS)
def test_it_shows_every_node_group_and_edge(cloud: str, spec: Path) -> None:
    chart = chart_of(spec, cloud)
    root = ET.fromstring(to_svg(chart))
    texts = [element.text for element in root.iter(f"{SVG}text")]
    assert sorted(map(str, texts)) == sorted(
        [
            chart.title,
            *(group.title for group in chart.groups if group.title and group.nodes),
            *(line for node in chart.nodes for line in node.lines),
            *(edge.text for edge in chart.edges if edge.text),
        ]
    )
    assert chart.title.startswith(f"{read_spec(str(spec)).deployment.prefix} on ")
    arrows = [path for path in root.iter(f"{SVG}path") if path.get("marker-end")]
    assert len(arrows) == len(chart.edges)


@pytest.mark.parametrize(("cloud", "spec"), CHARTS)
def test_nothing_lies_on_anything_else(cloud: str, spec: Path) -> None:
    check(chart_of(spec, cloud))


def check(chart: Flowchart) -> None:
    placed = layout(chart)
    canvas = Box(0, 0, placed.width, placed.height)
    boxes = [box for _, box in placed.groups]
    for one, other in (*combinations(placed.nodes.values(), 2), *combinations(boxes, 2)):
        assert not one.overlaps(other)
    for box in (*boxes, *placed.nodes.values()):
        assert inside(box, canvas)
    for group, box in placed.groups:
        assert all(inside(placed.nodes[node.key], box) for node in group.nodes)
    for node in chart.nodes:
        assert all(text_width(line, 13) < placed.nodes[node.key].width for line in node.lines)
    for arrow in placed.arrows:
        start, end = placed.nodes[arrow.edge.start], placed.nodes[arrow.edge.end]
        assert arrow.points[0][0] in {start.x, start.right}
        assert start.y < arrow.points[0][1] < start.bottom
        assert arrow.points[-1][0] in {end.x, end.right}
        assert end.y < arrow.points[-1][1] < end.bottom
        assert all(canvas.holds(point) for point in arrow.points)
    feet = [(arrow.points[end], end) for arrow in placed.arrows for end in (0, -1)]
    assert len(set(feet)) == len(feet), "two arrows leave or arrive at one point"


def inside(box: Box, other: Box) -> bool:
    return other.x <= box.x and other.y <= box.y and box.right <= other.right and box.bottom <= other.bottom


def test_a_crowd_has_room() -> None:
    check(crowd(6))


def test_texts_of_arrows_stand_beside_each_other() -> None:
    placed = layout(crowd(3))
    labels = [arrow.label for arrow in placed.arrows if arrow.label]
    assert len(labels) == 9
    assert not [pair for pair in combinations(labels, 2) if pair[0].overlaps(pair[1])]
    assert not [label for label in labels for box in placed.nodes.values() if label.overlaps(box)]


def test_text_is_escaped() -> None:
    chart = Flowchart('<&"', (Group("", (Node("x", ("<script>alert(1)</script>",), "s"),)),), (), STYLES)
    text = to_svg(chart)
    assert "<script" not in text
    assert [element.text for element in ET.fromstring(text).iter(f"{SVG}text")] == ['<&"', "<script>alert(1)</script>"]


def test_the_same_chart_gives_the_same_text() -> None:
    assert to_svg(crowd(4)) == to_svg(crowd(4))


def test_edges_need_both_ends() -> None:
    with pytest.raises(KeyError):
        to_svg(Flowchart("x", (Group("", (Node("x", ("x",), "s"),)),), (Edge("x", "y"),), STYLES))


def test_nothing_else_can_be_drawn() -> None:
    with pytest.raises(RenderError, match="a value of type str cannot be drawn"):
        to_svg("text")
