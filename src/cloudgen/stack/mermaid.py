"""Flowcharts as Mermaid text, which GitHub and many editors draw. Neutral: what is in a chart, each target decides.

https://mermaid.js.org/syntax/flowchart.html
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cloudgen.stack.text import Markdown

_SAFE = re.compile(r"[A-Za-z0-9 .,:/%()+_~-]*")


@dataclass(frozen=True)
class Node:
    """Something in the chart. `lines` are shown below each other; `style` names one of the chart's styles."""

    key: str
    lines: tuple[str, ...]
    style: str


@dataclass(frozen=True)
class Edge:
    """An arrow from one node to another, both by key."""

    start: str
    end: str
    text: str = ""


@dataclass(frozen=True)
class Group:
    """A box around nodes."""

    title: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Flowchart:
    """Nodes in and out of groups, and the edges between them. `styles` maps a name to CSS."""

    groups: Sequence[Group]
    edges: Sequence[Edge]
    styles: Sequence[tuple[str, str]]

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Every node."""
        return tuple(node for group in self.groups for node in group.nodes)

    def text(self) -> Markdown:
        """Write the chart. Ids are generated, so that no name can be a word of Mermaid's own (`end`).

        Raises `ValueError` for text with a character that Mermaid could take for markup, and `KeyError` for an edge
        whose node does not exist.
        """
        ids = {node.key: f"n{index + 1}" for index, node in enumerate(self.nodes)}
        lines = ["flowchart LR"]
        for index, group in enumerate(self.groups):
            inside = [f'{ids[node.key]}["{_label(node.lines)}"]:::{node.style}' for node in group.nodes]
            if group.title and inside:
                lines += [f'  subgraph g{index + 1}["{_label((group.title,))}"]', *(f"    {line}" for line in inside)]
                lines.append("  end")
            else:
                lines += [f"  {line}" for line in inside]
        for edge in self.edges:
            arrow = f'-- "{_label((edge.text,))}" -->' if edge.text else "-->"
            lines.append(f"  {ids[edge.start]} {arrow} {ids[edge.end]}")
        used = {node.style for node in self.nodes}
        lines += [f"  classDef {name} {css}" for name, css in self.styles if name in used]
        return Markdown("\n".join(lines))


def _label(lines: Sequence[str]) -> str:
    for line in lines:
        if not _SAFE.fullmatch(line):
            raise ValueError("a label of a flowchart has a character that could be markup")
    return "<br/>".join(lines)
