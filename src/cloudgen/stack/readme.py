"""What the READMEs of all clouds say in the same way: which files there are, what to give, what was chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Protocol

from cloudgen.dataclass import dataclass
from cloudgen.stack.text import Markdown


class Described(Protocol):
    """An input or an output of a module."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def description(self) -> str:
        """What it means."""


@dataclass(frozen=True)
class File:
    """A file or folder of the output, the attribute of the stack that it depends on, and what it is for."""

    name: str
    needs: str | None
    purpose: str


@dataclass(frozen=True)
class Example:
    """A file of the user's own that changes something of the output, and the head of the block that it changes."""

    file: str
    block: Markdown


@dataclass(frozen=True)
class Entry:
    """A name and what it means: a row of a table."""

    name: str
    text: str


@dataclass(frozen=True)
class Size:
    """What was chosen for something that the spec describes by a neutral size."""

    name: str
    asked: str
    given: str


@dataclass(frozen=True)
class Readme:
    """What README.md.j2 and deploy.sh.j2 of every cloud need beside the stack itself."""

    diagram: Markdown
    commands: tuple[Markdown, ...]
    """What to run after rendering, in order."""
    zone: str | None
    """The DNS zone that is made, and has to be delegated."""
    files: tuple[Entry, ...]
    variables: tuple[Entry, ...]
    outputs: tuple[Entry, ...]
    account_outputs: tuple[Entry, ...]
    """What the module of the audit trail tells."""
    sizes: tuple[Size, ...]
    differences: tuple[str, ...]
    warnings: tuple[str, ...]
    left_behind: tuple[str, ...]

    @property
    def any_secret(self) -> Markdown:
        """How to hand over values that Terraform would not take as they are."""
        return Markdown(
            "Terraform reads such a variable as an expression: `${` and `%{` begin a template in it, and a text ends "
            "with its line. Put values that have them into the file `secrets.auto.tfvars.json` instead, as "
            '`{"secret_values": {"NAME": "VALUE"}}`. That file is JSON: a line break is `\\n` there. Keep it out of '
            "version control, and delete it when the deployment is over."
        )

    @property
    def next_commands(self) -> tuple[str, ...]:
        """The commands to run after rendering, as plain text."""
        return self.commands


def files(known: Iterable[File], stack: object) -> tuple[Entry, ...]:
    """The files that this stack has."""
    return tuple(Entry(file.name, file.purpose) for file in known if file.needs is None or _read(stack, file.needs))


def _read(stack: object, path: str) -> object:
    """Read a dotted attribute; if a step on the way is None, the result is None."""
    return reduce(lambda value, name: None if value is None else getattr(value, name), path.split("."), stack)


def entries(described: Iterable[Described]) -> tuple[Entry, ...]:
    """A table of inputs or outputs."""
    return tuple(Entry(one.name, one.description) for one in described)


def container_size(name: str, vcpu: float, memory: int, given: str) -> Size:
    """What was asked for a container, memory in MiB, and what it gets."""
    return Size(name, f"vCPU {vcpu:g}, memory {memory} MiB", given)


def hand_over(secrets: Sequence[str]) -> Markdown:
    """How to hand the values of secrets to Terraform. Their names are letters, digits and hyphens."""
    values = ", ".join(f'"{name}": "…"' for name in secrets)
    return Markdown(f"export TF_VAR_secret_values='{{{values}}}'")
