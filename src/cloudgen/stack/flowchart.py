"""A picture as data: what is in it, and which arrows lead where. Each target decides that; others draw it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cloudgen.dataclass import dataclass


@dataclass(frozen=True)
class Style:
    """The colours of a node, as CSS writes them."""

    fill: str
    stroke: str
    color: str


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
    """A box around nodes; without a title they stand free. Groups of one `column`, from 0, stand below each other."""

    title: str
    nodes: tuple[Node, ...]
    column: int = 0


@dataclass(frozen=True)
class Flowchart:
    """Nodes in and out of groups, and the edges between them."""

    title: str
    groups: Sequence[Group]
    edges: Sequence[Edge]
    styles: Mapping[str, Style]

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Every node."""
        return tuple(node for group in self.groups for node in group.nodes)
