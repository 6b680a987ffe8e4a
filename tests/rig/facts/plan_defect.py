"""A plan defect: one change to one resource of a plan, which must break a fact."""

from __future__ import annotations

from dataclasses import dataclass

from rig.facts.changes import Change


@dataclass(frozen=True)
class PlanDefect:
    """A change to one resource of a plan that breaks a fact."""

    fact: str
    address: str
    change: Change
    module: str = "."
    case: str = "reference"

    def __str__(self) -> str:
        return f"{self.fact}-{self.address}"
