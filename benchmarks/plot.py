"""Curves of CPU seconds over containers as an SVG, both axes logarithmic."""

from __future__ import annotations

import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 720, 420, 60, 50, 20, 250
COLOURS = ("#0969da", "#8250df", "#57606a", "#1a7f37", "#bc4c00", "#cf222e")


def plot(curves: dict[str, dict[int, float]]) -> str:
    """Draw named curves, each from containers to seconds."""
    counts = sorted({count for curve in curves.values() for count in curve})
    seconds = [value for curve in curves.values() for value in curve.values()]
    low, high = math.floor(math.log10(min(seconds))), math.ceil(math.log10(max(seconds)))
    last = max(math.log10(counts[-1]), 1)

    def x(count: int) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * math.log10(count) / last

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (math.log10(value) - low) / (high - low)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
        ' role="img" font-family="system-ui, sans-serif" font-size="12">',
        "<title>CPU seconds by the number of containers</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
    ]
    for power in range(low, high + 1):
        height = y(10.0**power)
        parts.append(f'<path d="M{LEFT} {height:.0f}H{WIDTH - RIGHT}" stroke="#d0d7de"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{height + 4:.0f}" text-anchor="end">{10.0**power:g} s</text>')
    row = HEIGHT - BOTTOM + 20
    parts += [f'<text x="{x(count):.0f}" y="{row}" text-anchor="middle">{count}</text>' for count in counts]
    middle = (LEFT + WIDTH - RIGHT) // 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 8}" text-anchor="middle">containers</text>')
    for number, (name, curve) in enumerate(curves.items()):
        colour = COLOURS[number % len(COLOURS)]
        points = " ".join(f"{x(count):.1f},{y(value):.1f}" for count, value in sorted(curve.items()))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        row = TOP + 20 + 20 * number
        parts.append(f'<path d="M{WIDTH - RIGHT + 16} {row - 4}h20" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{WIDTH - RIGHT + 42}" y="{row}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])
