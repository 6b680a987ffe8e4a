"""A broken rule: where, what, and the rule's name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Violation:
    """One thing that a cloud's server would refuse."""

    path: tuple[str | int, ...]
    message: str
    summary: str = ""
