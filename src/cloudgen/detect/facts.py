"""A thing that was found out, together with the place that shows it."""

from __future__ import annotations

from typing import Generic, TypeVar

from cloudgen.dataclass import dataclass

T = TypeVar("T")


@dataclass(frozen=True)
class Fact(Generic[T]):
    """A value, and its evidence: `Dockerfile:7`."""

    value: T
    evidence: str


Guess = Fact[str]
"""A fact whose value is a text."""


def line_of(text: str, word: str) -> int:
    """Return the number of the first line that holds a word, 1 when there is none."""
    return next((number for number, line in enumerate(text.splitlines(), 1) if word in line), 1)


def place(file: str, text: str, word: str) -> str:
    """Return the evidence for the first line of a file that holds a word."""
    return f"{file}:{line_of(text, word)}"
