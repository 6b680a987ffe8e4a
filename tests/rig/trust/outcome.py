"""What a harness found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """The cases that ran, what went wrong, one line each, and other figures worth a line."""

    name: str
    cases: int = 0
    faults: list[str] = field(default_factory=list)
    figures: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        more = "".join(f", {key} {value}" for key, value in self.figures.items())
        return f"{self.name}: {self.cases:,} cases, {len(self.faults)} faults{more}"
