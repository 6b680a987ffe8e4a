"""What a test run has shown, in figures: collected by the tests, printed at the end of the log.

    figures.count("Terraform, aws", **{"specs applied": 1, "resources applied": 124})
    figures.tell("checkov", "aws: 2764 passed, 0 failed")

The figures are those of the tests that ran: a run of a part of the tests tells of that part only.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Section:
    """The figures of one part: sums by what is counted, and lines of text."""

    counts: Counter[str] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)


class Figures:
    """The figures of one test run, by section, in the order in which sections were first heard of."""

    def __init__(self) -> None:
        self._sections: dict[str, Section] = {}

    def count(self, section: str, **numbers: int) -> None:
        """Add to the sums of a section."""
        self._section(section).counts.update(numbers)

    def tell(self, section: str, line: str) -> None:
        """Add a line of text to a section; the same line again is not repeated."""
        lines = self._section(section).lines
        if line not in lines:
            lines.append(line)

    def summary(self) -> list[str]:
        """Return the lines to print: a line of sums for each section, and its lines of text below."""
        out = []
        for name, section in self._sections.items():
            sums = ", ".join(f"{number} {what}" for what, number in section.counts.items())
            out.append(f"{name}: {sums}" if sums else f"{name}:")
            out += [f"  {line}" for line in section.lines]
        return out

    def _section(self, name: str) -> Section:
        return self._sections.setdefault(name, Section())
