"""Flowcharts as Mermaid text: nothing in a label can be markup, and every edge has both ends."""

from __future__ import annotations

import pytest

from cloudgen.stack.flowchart import Edge, Flowchart, Group, Node, Style
from cloudgen.stack.mermaid import mermaid

STYLES = {"s": Style("#ffffff", "#000000", "#000000"), "unused": Style("#ffffff", "#000000", "#000000")}


def chart(*lines: str, edges: tuple[Edge, ...] = (), title: str = "") -> Flowchart:
    return Flowchart("chart", (Group(title, (Node("x", lines, "s"),)),), edges, STYLES)


def test_it_is_written_line_by_line() -> None:
    assert mermaid(chart("end", "1 vCPU", edges=(Edge("x", "x", "read"),), title="Box")).splitlines() == [
        "flowchart LR",
        '  subgraph g1["Box"]',
        '    n1["end<br/>1 vCPU"]:::s',
        "  end",
        '  n1 -- "read" --> n1',
        "  classDef s fill:#ffffff,stroke:#000000,color:#000000",
    ]


@pytest.mark.parametrize("text", ['say "hi"', "a<b", "x]", "`x`", "#35;"])
def test_labels_that_could_be_markup_are_refused(text: str) -> None:
    for drawn in (chart(text), chart("x", title=text), chart("x", edges=(Edge("x", "x", text),))):
        with pytest.raises(ValueError, match="markup"):
            mermaid(drawn)


def test_edges_need_both_ends() -> None:
    with pytest.raises(KeyError):
        mermaid(chart("x", edges=(Edge("x", "y"),)))
