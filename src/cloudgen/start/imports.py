"""`init --from`: a compose file, or the folder of Copilot, as a first spec; every key that was not used is told."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cloudgen.dataclass import dataclass, field
from cloudgen.detect.tree import Tree
from cloudgen.errors import CloudgenError
from cloudgen.spec.secrecy.assignments import is_secret_text
from cloudgen.spec.secrecy.masks import is_secret_key
from cloudgen.start.draft import load_balancer, targets
from cloudgen.start.items import Block, Item

if TYPE_CHECKING:
    from cloudgen.detect.stated.yamls import Yaml
    from cloudgen.start.answers import Answers


@dataclass
class Imported:
    """A spec in the making. `taken` and `unused` are told, each with its place."""

    name: str
    containers: Block = field(default_factory=Block)
    storage: dict[str, Block] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)
    paths: dict[str, str] = field(default_factory=dict)
    domain: str | None = None
    taken: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    sections: Block = field(default_factory=Block)

    def leave(self, found: Yaml, *path: str | int) -> None:
        """Tell a key that a spec has no place for, or that `init` does not know."""
        self.unused.append(f"{'.'.join(str(item) for item in path)}  ({found.place(*path)})")

    def store(self, kind: str, name: str, item: Item) -> None:
        """Add something to `storage`."""
        self.storage.setdefault(kind, Block())[name] = item

    def secret(self, variable: str) -> str:
        """Add a secret for a variable, and return its name."""
        name = as_name(variable)
        if name not in self.secrets:
            self.secrets.append(name)
        return name


def sections_of(source: Path, answers: Answers) -> Imported:
    """Read a compose file, or a folder of Copilot.

    Raises `CloudgenError` when it is neither, or cannot be read.
    """
    from cloudgen.start import from_compose, from_copilot

    if source.is_dir():
        tree = Tree(source)
        imported = from_copilot.read(tree, application_name(source.resolve().parent.name))
    else:
        tree = Tree(source.resolve().parent)
        imported = from_compose.read(tree, source.name, application_name(source.resolve().parent.name))
    if not imported.containers:
        reason = f": {tree.notes[0]}" if tree.notes else ""
        raise CloudgenError(f"--from {source}: nothing that runs was found there{reason}")
    _assemble(imported, answers)
    return imported


def _assemble(imported: Imported, answers: Answers) -> None:
    sections = Block(
        version=Item(1),
        name=Item(answers.name or imported.name, "every resource name begins with it"),
        environment=Item(answers.environment, "development, staging or production: fills in what is left out"),
        targets=Item(targets(answers)),
        containers=Item(imported.containers),
    )
    served = [name for name, item in imported.containers.items() if "port" in item.value]
    balancer = load_balancer(answers)
    if answers.domain is None and imported.domain:
        balancer = Item(Block(domain=Item(imported.domain)))
    if len(served) > 1:
        default = {name: f"/{name}" if index else "/" for index, name in enumerate(served)}
        paths = [{"path": imported.paths.get(name, default[name]), "container": name} for name in served]
        balancer.value["routes"] = Item(paths, "by path: look at them")
    if served:
        sections["load_balancer"] = balancer
    if imported.storage:
        sections["storage"] = Item(Block({kind: Item(block) for kind, block in imported.storage.items()}))
    if imported.secrets:
        sections["security"] = Item(Block(secrets=Item({name: {} for name in imported.secrets})))
    imported.sections = sections


def as_name(text: str) -> str:
    """Return a text as a name of the spec."""
    name = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-").lstrip("0123456789-")
    return name[:20].strip("-")


def application_name(text: str) -> str:
    """Return a text as the name of an application: 2 to 15 characters."""
    name = as_name(text)[:15].strip("-")
    return name if len(name) > 1 else "app"


def variables(imported: Imported, stated: dict[str, str], entry: Block) -> None:
    """Sort environment variables: those that look like secrets become secrets, without their value."""
    plain: dict[str, str] = {}
    secrets: dict[str, str] = {}
    for name, value in stated.items():
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
            imported.unused.append(f"environment variable {name}: no name that a spec can hold")
        elif is_secret_key(name) or is_secret_text(value) or re.search(r"://[^/@\s]*:[^/@\s]*@", value):
            secrets[name] = imported.secret(name)
        elif "${" not in value:
            plain[name] = value
        else:
            imported.unused.append(f"environment variable {name}: its value comes from where compose or Copilot runs")
    if plain:
        entry["environment"] = Item(plain)
    if secrets:
        entry["secrets"] = Item(secrets, "give terraform the values; they stand in no file")


def number(value: Any) -> int | None:
    """Return a whole number, where a text is one."""
    return int(str(value)) if re.fullmatch(r"\d+", str(value or "")) else None
