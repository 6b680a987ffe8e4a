"""What a deployment is known by, and what of it holds data: the part of a stack that outlives one render.

Each stack offers it as data. `edits` compares it with what was rendered into the same folder before, and tells what a
changed spec does to it. Nothing here knows a cloud: the clouds say what can change and why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from cloudgen.dataclass import dataclass, field
from cloudgen.errors import SpecPath
from cloudgen.stack.base import Address

ROOT = "root"
BOOTSTRAP = "bootstrap"
ACCOUNT = "account"
"""Terraform modules of a tree, by the names that `Held.blocks` and `Removed` use."""

Effect = Literal["stays", "interrupts", "replaces", "loses", "impossible"]
"""What an edit of one fact does.

`stays`: nothing that anybody notices. `interrupts`: it does not answer for a while. `replaces`: a new one takes its
place, and nothing is lost. `loses`: a new one takes its place, without the data. `impossible`: the cloud refuses.
"""


@dataclass(frozen=True)
class Mark:
    """One thing that tells a deployment from another: its name, its region, its account."""

    name: str
    value: str
    """Empty where the spec does not say it; it is then not compared."""
    path: SpecPath


@dataclass(frozen=True)
class Fact:
    """Something about a part, and what an edit to this value does.

    `why` is a sentence without its full stop, told to the user. Where `ladder` has the values in order, only the way
    up has `effect`: the way back is impossible. Between two values that are `alike` an edit does nothing that anybody
    notices, whatever it does between others.
    """

    name: str
    value: str
    effect: Effect
    why: str
    path: SpecPath
    ladder: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()


@dataclass(frozen=True)
class Held:
    """A part that holds data, or that what holds data cannot do without.

    `title` is what messages call it (`database orders-db`), `keeps` what is lost with it; nothing is where it is
    empty, so such a part may go unasked. `blocks` are the Terraform
    blocks that hold it and those that it stands on, by module: they leave the state when it is let go.
    """

    path: SpecPath
    title: str
    keeps: str
    facts: tuple[Fact, ...] = ()
    blocks: Mapping[str, tuple[Address, ...]] = field(default_factory=dict)
    only_let_go: bool = False
    """Whether no edit may destroy it, however it is asked for: other things are unreadable without it."""
    guarded: str = ""
    """Of a part that holds nothing: why it cannot go as long as something guards it, told to the user."""
    called: str = ""
    """What `--allow-destroy` and `--forget` call it, where that is not its path."""

    @property
    def at(self) -> str:
        """Its place in the spec, dotted."""
        return ".".join(str(item) for item in self.path)

    @property
    def name(self) -> str:
        """What `--allow-destroy` and `--forget` call it: `storage.databases.orders-db`."""
        return self.called or self.at


@dataclass(frozen=True)
class Removed:
    """A file of `removed` blocks: what one module lets go without destroying it."""

    output: str
    """The file: `removed.tf`, `bootstrap/removed.tf`."""
    addresses: tuple[Address, ...]


def resources(blocks: Iterable[Address]) -> tuple[Address, ...]:
    """The blocks that are in a state and in the cloud, each once: what is looked up, or ephemeral, is not."""
    return tuple(dict.fromkeys(block for block in blocks if "." not in block.type))


def removed_file(module: str) -> str:
    """The file in which a module lets things go."""
    return "removed.tf" if module == ROOT else f"{module}/removed.tf"
