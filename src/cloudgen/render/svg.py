"""Flowcharts as drawings in SVG, which every browser shows, without a script, a font or an image of others.

https://www.w3.org/TR/SVG11/
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from cloudgen.render.errors import RenderError
from cloudgen.render.geometry import Box
from cloudgen.render.layout import LINE, MARGIN, PADDING, Arrow, Layout, layout
from cloudgen.stack.flowchart import Flowchart, Group, Node

FONT = "system-ui, -apple-system, 'Segoe UI', 'Liberation Sans', Arial, sans-serif"
INK, GREY, PAPER, SHADE = "#24292f", "#57606a", "#ffffff", "#f6f8fa"


def to_svg(chart: object) -> str:
    """Draw a flowchart. Raises `RenderError` for anything else."""
    if not isinstance(chart, Flowchart):
        raise RenderError(f"a value of type {type(chart).__name__} cannot be drawn")
    placed = layout(chart)
    root = _canvas(chart, placed)
    for group, box in placed.groups:
        _group(root, group, box)
    # Arrows lie below nodes, their texts above everything.
    for arrow in placed.arrows:
        _arrow(root, arrow)
    for node in chart.nodes:
        _node(root, chart, node, placed.nodes[node.key])
    for arrow in placed.arrows:
        _label(root, arrow)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode") + "\n"


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str | int) -> ET.Element:
    element = ET.SubElement(parent, tag, {name.replace("_", "-"): str(value) for name, value in attributes.items()})
    element.text = text
    return element


def _canvas(chart: Flowchart, placed: Layout) -> ET.Element:
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "width": str(placed.width),
            "height": str(placed.height),
            "viewBox": f"0 0 {placed.width} {placed.height}",
            "role": "img",
            "font-family": FONT,
        },
    )
    _add(root, "title", chart.title)
    definitions = _add(root, "defs")
    marker = _add(
        definitions,
        "marker",
        id="arrow",
        viewBox="0 0 8 8",
        refX=8,
        refY=4,
        markerWidth=8,
        markerHeight=8,
        orient="auto",
    )
    _add(marker, "path", d="M0 0L8 4L0 8z", fill=GREY)
    # Not transparent: a page may be dark.
    _add(root, "rect", width=placed.width, height=placed.height, fill=PAPER)
    _add(root, "text", chart.title, x=MARGIN, y=MARGIN + 12, font_size=16, font_weight="bold", fill=INK)
    return root


def _group(root: ET.Element, group: Group, box: Box) -> None:
    _rectangle(root, box, fill=SHADE, stroke="#d0d7de", rx=8)
    _add(root, "text", group.title, x=box.x + 14, y=box.y + 22, font_size=12, fill=GREY)


def _node(root: ET.Element, chart: Flowchart, node: Node, box: Box) -> None:
    style = chart.styles[node.style]
    _rectangle(root, box, fill=style.fill, stroke=style.stroke, rx=6)
    middle = box.x + box.width // 2
    for number, line in enumerate(node.lines):
        size, weight = (12, "normal") if number else (13, "bold")
        y = box.y + PADDING + LINE * number + 13
        text = _add(root, "text", line, x=middle, y=y, text_anchor="middle", font_size=size, font_weight=weight)
        text.set("fill", style.color)


def _arrow(root: ET.Element, arrow: Arrow) -> None:
    start, *curve = (f"{x} {y}" for x, y in arrow.points)
    _add(root, "path", d=f"M{start}C{' '.join(curve)}", fill="none", stroke=GREY, marker_end="url(#arrow)")


def _label(root: ET.Element, arrow: Arrow) -> None:
    if arrow.label:
        box = arrow.label
        _rectangle(root, box, fill=PAPER, rx=3)
        x, y = box.x + box.width // 2, box.y + 12
        _add(root, "text", arrow.edge.text, x=x, y=y, text_anchor="middle", font_size=11, fill=INK)


def _rectangle(root: ET.Element, box: Box, *, fill: str, stroke: str = "none", rx: int) -> None:
    _add(root, "rect", x=box.x, y=box.y, width=box.width, height=box.height, rx=rx, fill=fill, stroke=stroke)
