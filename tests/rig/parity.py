"""Whether the parity table of a cloud has an entry for each field of the spec, and none for what is no field."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from cloudgen.spec.fields import Field, shape_of, walk
from cloudgen.spec.values import key_of
from cloudgen.stack.parity import Table, is_foreign, support_of


def missing(table: Table, model: type[BaseModel], cloud: str) -> list[str]:
    """The fields of the spec for which the table of a cloud has no entry."""
    found = []
    for item in _fields(model, cloud):
        if item.shape.kind == "section" or _holds_sections(item):
            continue
        try:
            support_of(table, key_of(item.path))
        except KeyError:
            found.append(key_of(item.path))
    return found


def unknown(table: Table, model: type[BaseModel], cloud: str) -> list[str]:
    """The entries of a cloud's table, or their values, that no field of the spec has."""
    fields = {key_of(item.path): item for item in _fields(model, cloud)}
    found = [key for key in table if key not in fields]
    for key, support in table.items():
        choices = fields[key].shape.choices if key in fields else ()
        found += [f"{key}: {value}" for value in support.values if choices and value not in choices]
    return found


def _fields(model: type[BaseModel], cloud: str) -> Iterator[Field]:
    """The fields that concern a cloud: all but the coordinates of other targets."""
    for item in walk(model):
        if not is_foreign(item.path, cloud):
            yield item


def _holds_sections(item: Field) -> bool:
    shape = item.shape
    while shape.kind in ("names", "list"):
        shape = shape_of(shape.inner)
    return shape.kind == "section"
