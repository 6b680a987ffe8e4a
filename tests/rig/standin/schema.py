"""The recorded schemas: where they are, and walking a value along one."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rig.standin.deprecated import mark
from rig.standin.encoding import is_unknown

Block = dict[str, Any]
ValuePath = tuple[str | int, ...]
"""Leads to a value inside a resource: attribute and block names, list positions, map keys."""

FOLDER = Path(__file__).parent / "schema"


@dataclass(frozen=True)
class RecordedSchema:
    """The schema of one version of a provider."""

    path: Path

    @cached_property
    def document(self) -> dict[str, Any]:
        """The file's content, in the form of `terraform providers schema -json`."""
        with gzip.open(self.path) as file:
            document: dict[str, Any] = json.load(file)
        for address, schemas in document["provider_schemas"].items():
            mark(address.rsplit("/", 1)[-1], schemas)
        return document

    @property
    def address(self) -> str:
        """The provider's full address, which Terraform looks for in a mirror."""
        return str(next(iter(self.document["provider_schemas"])))

    @property
    def name(self) -> str:
        """The provider's short name, such as `google`."""
        return self.address.rsplit("/", 1)[-1]

    @property
    def version(self) -> str:
        """The provider's version."""
        return str(self.document["provider_version"])

    @property
    def schemas(self) -> dict[str, Any]:
        """The sections `provider`, `resource_schemas`, `data_source_schemas` and `ephemeral_resource_schemas`."""
        schemas: dict[str, Any] = self.document["provider_schemas"][self.address]
        return schemas

    def block(self, section: str, name: str) -> Block:
        """Return the block of a type. Raises KeyError for a type that is not recorded."""
        block: Block = self.schemas[section][name]["block"]
        return block


def find_schema(provider: str, major: str) -> RecordedSchema:
    """Return the recorded schema of a provider's major version. Raises LookupError when there is none."""
    found = sorted(FOLDER.glob(f"{provider}-{major}.*.json.gz"))
    if not found:
        raise LookupError(f"no schema of {provider} {major}.x is recorded in {FOLDER}")
    return RecordedSchema(found[-1])


def walk(block: Block, value: Any, visit: Callable[[ValuePath, Block, Any], Any], path: ValuePath = ()) -> Any:
    """Rebuild a value with `visit(path, attribute schema, value)` applied to every attribute, blocks included."""
    if value is None or is_unknown(value):
        return value
    out = dict(value)
    for name, attribute in block.get("attributes", {}).items():
        out[name] = visit((*path, name), attribute, value.get(name))
    for name, nested in block.get("block_types", {}).items():
        inner = value.get(name)
        if inner is None or is_unknown(inner):
            continue
        if nested["nesting_mode"] in ("single", "group"):
            out[name] = walk(nested["block"], inner, visit, (*path, name))
        elif nested["nesting_mode"] == "map":
            out[name] = {key: walk(nested["block"], item, visit, (*path, name, key)) for key, item in inner.items()}
        else:
            out[name] = [walk(nested["block"], item, visit, (*path, name, at)) for at, item in enumerate(inner)]
    return out


def with_numbers(block: Block, value: Any) -> Any:
    """Rebuild a value with every number as a number; Terraform sends what no float holds exactly (0.6) as text."""

    def visit(_path: ValuePath, attribute: Block, item: Any) -> Any:
        return float(item) if attribute["type"] == "number" and isinstance(item, str) else item

    return walk(block, value, visit)


def empty(block: Block) -> dict[str, Any]:
    """Return the value of a block in which nothing is set."""
    value: dict[str, Any] = dict.fromkeys(block.get("attributes", {}))
    for name, nested in block.get("block_types", {}).items():
        mode = nested["nesting_mode"]
        value[name] = None if mode in ("single", "group") else {} if mode == "map" else []
    return value


def fill(block: Block, given: Any, path: ValuePath = ()) -> Any:
    """Complete hand-written values with nulls, as Terraform sends them; a block may be written as one mapping.

    Raises KeyError, naming the path, for what the schema does not have.
    """
    out = empty(block)
    for name, value in given.items():
        here = (*path, name)
        if name in block.get("attributes", {}):
            out[name] = value
        elif name in block.get("block_types", {}):
            nested = block["block_types"][name]
            if nested["nesting_mode"] in ("single", "group"):
                out[name] = fill(nested["block"], value, here)
            else:
                items = value if isinstance(value, list) else [value]
                out[name] = [fill(nested["block"], item, here) for item in items]
        else:
            raise KeyError(".".join(map(str, here)))
    return out
