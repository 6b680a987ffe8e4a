"""What a rule is: a name, the types it is about, a function, what it demands, and where that is documented."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from rig.standin.cloud import Cloud
from rig.standin.configuration import Configuration
from rig.standin.shapes import Check
from rig.standin.violation import Violation


@dataclass(frozen=True)
class Rule:
    """A rule about one resource by itself."""

    name: str
    types: str
    check: Check
    what: str
    source: str


@dataclass(frozen=True)
class OrderRule:
    """A rule about a resource and what exists when it is created."""

    name: str
    types: str
    check: Callable[[Configuration, Cloud], Iterator[Violation]]
    what: str
    source: str


@dataclass(frozen=True)
class AfterRule:
    """A rule about everything that exists; it yields sentences."""

    name: str
    check: Callable[[Cloud], Iterator[str]]
    what: str
    source: str


def about(rule: Rule | OrderRule, resource_type: str) -> bool:
    """Whether a rule is about a type."""
    return any(fnmatchcase(resource_type, pattern) for pattern in rule.types.split())


def named(rule: Rule | OrderRule, found: Iterable[Violation]) -> Iterator[Violation]:
    """Put a rule's name and source into what it found."""
    for violation in found:
        yield Violation(violation.path, f"{violation.message} ({rule.source})", f"[{rule.name}] {rule.what}")


def broken_of(rules: Iterable[Rule], resource: Configuration) -> list[Violation]:
    """Return every rule of a table that a resource breaks by itself."""
    mine = [rule for rule in rules if about(rule, resource.type)]
    return [violation for rule in mine for violation in named(rule, rule.check(resource))]


def out_of_order_of(rules: Iterable[OrderRule], resource: Configuration, cloud: Cloud) -> list[Violation]:
    """Return every rule of a table that a resource breaks given what exists."""
    mine = [rule for rule in rules if about(rule, resource.type)]
    return [violation for rule in mine for violation in named(rule, rule.check(resource, cloud))]


def silent_failures_of(rules: Iterable[AfterRule], cloud: Cloud) -> list[str]:
    """Return what was accepted and will not work by a table, one sentence each."""
    return [f"[{rule.name}] {text} ({rule.source})" for rule in rules for text in rule.check(cloud)]
