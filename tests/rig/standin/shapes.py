"""Checks of one attribute or of a few together, to be put into the table of rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from rig.standin.configuration import Configuration
from rig.standin.violation import Violation

Check = Callable[[Configuration], Iterator[Violation]]


def duration(text: object) -> float | None:
    """Return a protobuf duration such as `3.5s` in seconds, None when it is none."""
    found = re.fullmatch(r"(\d+(?:\.\d{1,9})?)s", str(text))
    return float(found[1]) if found else None


def pattern(name: str, expression: str, says: str) -> Check:
    """Every value at `name` matches the whole expression."""
    compiled = re.compile(expression)

    def check(resource: Configuration) -> Iterator[Violation]:
        for path, value in resource.find(name):
            if not compiled.fullmatch(str(value)):
                yield Violation(path, f"{value!r} is not {says}")

    return check


def between(name: str, low: float, high: float, unit: str = "") -> Check:
    """Every number at `name` is in a closed range."""

    def check(resource: Configuration) -> Iterator[Violation]:
        for path, value in resource.find(name):
            if not low <= float(value) <= high:
                yield Violation(path, f"{value} is not between {low:g} and {high:g}{unit}")

    return check


def seconds(name: str, low: float, high: float) -> Check:
    """Every duration at `name` is written as `60s` and in a closed range."""

    def check(resource: Configuration) -> Iterator[Violation]:
        for path, value in resource.find(name):
            found = duration(value)
            if found is None:
                yield Violation(path, f"{value!r} is not a duration in seconds such as '60s'")
            elif not low <= found <= high:
                yield Violation(path, f"{value} is not between {low:g}s and {high:g}s")

    return check


def one_of(name: str, *allowed: object) -> Check:
    """Every value at `name` is one of a list."""

    def check(resource: Configuration) -> Iterator[Violation]:
        for path, value in resource.find(name):
            if value not in allowed:
                yield Violation(path, f"{value!r} is not one of {', '.join(map(str, allowed))}")

    return check


def required(name: str, why: str) -> Check:
    """Something is set at `name`."""

    def check(resource: Configuration) -> Iterator[Violation]:
        if not resource.is_set(name):
            yield Violation(resource.at(name), why)

    return check


def conflicts(*names: str) -> Check:
    """At most one of the names is set."""

    def check(resource: Configuration) -> Iterator[Violation]:
        given = [name for name in names if resource.is_set(name)]
        if len(given) > 1:
            yield Violation(resource.at(given[0]), f"conflicts with {', '.join(given[1:])}")

    return check


def exactly_one(*names: str) -> Check:
    """Exactly one of the names is set; an empty block counts."""

    def check(resource: Configuration) -> Iterator[Violation]:
        given = [name for name in names if resource.is_set(name)]
        if len(given) != 1:
            which = f"{len(given)} are set: {', '.join(given)}" if given else "none is set"
            yield Violation(resource.at((given or names)[0]), f"exactly one of {', '.join(names)} is needed, {which}")

    return check


def together(*names: str) -> Check:
    """All of the names are set, or none."""

    def check(resource: Configuration) -> Iterator[Violation]:
        missing = [name for name in names if not resource.is_set(name)]
        if missing and len(missing) < len(names):
            yield Violation(resource.at(missing[0]), f"{', '.join(names)} must be set together")

    return check


def at_most(low: str, high: str) -> Check:
    """One number is not above another."""

    def check(resource: Configuration) -> Iterator[Violation]:
        below, above = resource.get(low), resource.get(high)
        if below is not None and above is not None and float(below) > float(above):
            yield Violation(resource.at(low), f"{below} is above {high} = {above}")

    return check


def within(block: str, *checks: Check) -> Check:
    """Apply checks to each nested block of a dotted name."""

    def check(resource: Configuration) -> Iterator[Violation]:
        for inner in resource.blocks(block):
            for one in checks:
                yield from one(inner)

    return check


def every(*checks: Check) -> Check:
    """Apply several checks."""

    def check(resource: Configuration) -> Iterator[Violation]:
        for one in checks:
            yield from one(resource)

    return check
