"""Flowcharts as Mermaid text, which GitHub and many editors draw.

https://mermaid.js.org/syntax/flowchart.html
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cloudgen.stack.flowchart import Flowchart
from cloudgen.stack.text import Markdown

_SAFE = re.compile(r"[A-Za-z0-9 .,:/%()+_~-]*")


def mermaid(chart: Flowchart) -> Markdown:
    """Write a chart. Ids are generated, so that no name can be a word of Mermaid's own (`end`).

    Raises `ValueError` for text with a character that Mermaid could take for markup, and `KeyError` for an edge
    whose node does not exist.
    """
    ids = {node.key: f"n{index + 1}" for index, node in enumerate(chart.nodes)}
    lines = ["flowchart LR"]
    for index, group in enumerate(chart.groups):
        inside = [f'{ids[node.key]}["{_label(node.lines)}"]:::{node.style}' for node in group.nodes]
        if group.title and inside:
            lines += [f'  subgraph g{index + 1}["{_label((group.title,))}"]', *(f"    {line}" for line in inside)]
            lines.append("  end")
        else:
            lines += [f"  {line}" for line in inside]
    for edge in chart.edges:
        arrow = f'-- "{_label((edge.text,))}" -->' if edge.text else "-->"
        lines.append(f"  {ids[edge.start]} {arrow} {ids[edge.end]}")
    used = {node.style for node in chart.nodes}
    lines += [
        f"  classDef {name} fill:{style.fill},stroke:{style.stroke},color:{style.color}"
        for name, style in chart.styles.items()
        if name in used
    ]
    return Markdown("\n".join(lines))


def _label(lines: Sequence[str]) -> str:
    for line in lines:
        if not _SAFE.fullmatch(line):
            raise ValueError("a label of a flowchart has a character that could be markup")
    return "<br/>".join(lines)
