"""What a mutation is, and which checks may catch one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Check(StrEnum):
    """The checks that other tests put every rendered tree through; comparing with a golden tree is none of them."""

    FORMAT = "terraform fmt"
    SCHEMA = "terraform validate with recorded schemas"
    PROVIDER = "terraform validate with the real provider"
    RULE = "stand-in's rules at plan"
    APPLY = "stand-in's rules at apply"
    AGAIN = "second plan"
    FACT = "facts over plans"
    BLIND_SPOT = "own rules beside checkov"
    CHECKOV = "checkov"
    HADOLINT = "hadolint"
    COMPOSE = "docker compose config"
    SHELLCHECK = "shellcheck"


@dataclass(frozen=True)
class Mutation:
    """One wrong thing, where it is put, and who must say what about it.

    `place` is a template, as a path below templates/, or a rendered file (such as `docker/compose.yaml`) where a
    decision writes the text and no template. `old` occurs there exactly `times` times. `case` is a golden case.
    `says` is a part of what the check says of the changed tree; of several parts one is enough, where it depends on
    the order of Terraform's work which one is said.
    """

    name: str
    place: str
    old: str
    new: str
    case: str
    caught_by: Check
    says: str | tuple[str, ...]
    times: int = 1

    @property
    def target(self) -> str:
        """The target whose tree has the mutation."""
        return self.place.partition("/")[0]

    @property
    def id(self) -> str:
        """What the mutation is called among those of all targets."""
        return f"{self.target}-{self.name}"

    @property
    def module(self) -> str:
        """The root module of the tree that has the mutation, as a folder below the tree."""
        return next((name for name in ("bootstrap", "account") if f"/{name}/" in self.place), ".")

    def is_said_in(self, found: Sequence[str]) -> bool:
        """Whether the check has said what it must."""
        expected = (self.says,) if isinstance(self.says, str) else self.says
        return any(part in sentence for part in expected for sentence in found)
