"""The fields of the spec, read from its models: what may stand at a path, and how its values are written."""

from __future__ import annotations

from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, WithJsonSchema
from pydantic.fields import FieldInfo

from cloudgen.dataclass import dataclass, replace
from cloudgen.errors import SpecPath
from cloudgen.spec.units import DAY, GIB

NAME = "<name>"
"""Stands in a field's path for a name that the user chooses, as in `containers.<name>.port`."""

_UNITS: dict[str, tuple[tuple[str, int], ...]] = {
    "s": (("d", DAY), ("h", 3600), ("m", 60), ("s", 1)),
    "Gi": (("Ti", GIB * GIB), ("Gi", GIB), ("Mi", 1)),
    "ms": (("s", 1000), ("ms", 1)),
}


@dataclass(frozen=True)
class Shape:
    """What a field holds: a `section` of its own keys, `names` chosen by the user, a `list`, or one `scalar`.

    `model` is set for sections, and for scalars that may be written as a mapping as well; `inner` (an annotation) for
    names and lists, `choices` for scalars with few values.
    """

    kind: Literal["section", "names", "list", "scalar"]
    annotation: Any
    metadata: tuple[Any, ...] = ()
    model: type[BaseModel] | None = None
    inner: Any = None
    choices: tuple[str, ...] = ()

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema that a type states of itself."""
        found = [item.json_schema for item in self.metadata if isinstance(item, WithJsonSchema)]
        return dict(found[-1] or {}) if found else {}

    @property
    def example(self) -> str | None:
        """A value as it is written, where the type gives one."""
        examples = self.schema.get("examples")
        return str(examples[0]) if examples else None

    def limit(self, name: Literal["ge", "gt", "le", "lt"]) -> Any:
        """A limit of the value, the narrowest where several are stated; None where there is none."""
        found = [value for item in self.metadata if (value := getattr(item, name, None)) is not None]
        if not found:
            return None
        return max(found) if name in ("ge", "gt") else min(found)

    def written(self, value: Any) -> str:
        """Write a value as the spec has it: 900 seconds is `15m`, 1024 MiB is `1Gi`."""
        if value is None:
            return "none"
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, int | float) and (example := self.example):
            unit = next((unit for unit in ("ms", "%", "Gi", "s") if example.endswith(unit)), "")
            if unit == "%":
                return f"{value:g}%"
            for suffix, size in _UNITS.get(unit, ()):
                if value and value % size == 0:
                    return f"{value // size:g}{suffix}"
        return f"{value:g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True)
class Field:
    """A field of the spec: its path, with `<name>` for names and without list indexes, and what pydantic knows."""

    path: tuple[str, ...]
    info: FieldInfo
    shape: Shape

    @property
    def description(self) -> str:
        """What the field is, in the model's own words; `profiles` tells what profiles set."""
        return (self.info.description or "").split(" Profiles:")[0]


def shape_of(annotation: Any, metadata: tuple[Any, ...] = ()) -> Shape:
    """Find out what an annotation of a model stands for."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return shape_of(arguments[0], (*_flat(arguments[1:]), *metadata))
    if origin in (Union, UnionType):
        first, *others = (item for item in arguments if item is not NoneType)
        shape = shape_of(first, metadata)
        return replace(shape, model=shape_of(others[0]).model) if others else shape
    if origin is Literal:
        return Shape("scalar", annotation, metadata, choices=tuple(str(item) for item in arguments))
    is_text = Shape("scalar", annotation, metadata).schema.get("type") == "string"
    if not is_text and isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Shape("section", annotation, metadata, model=annotation)
    if origin is dict:
        return Shape("names", annotation, metadata, inner=arguments[1])
    if origin is list:
        return Shape("list", annotation, metadata, inner=arguments[0])
    return Shape("scalar", annotation, metadata)


def _flat(items: tuple[Any, ...]) -> Iterator[Any]:
    for item in items:
        if isinstance(item, FieldInfo):
            yield from item.metadata
        else:
            yield item


def keys(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The keys of a section as a spec writes them: `from` is a word of Python, so its field has another name."""
    return {info.alias or name: info for name, info in model.model_fields.items()}


def shape_at(model: type[BaseModel], path: SpecPath) -> Shape | None:
    """Find what may stand at a path of the data, or None where the spec has nothing."""
    shape: Shape | None = Shape("section", model, model=model)
    for item in path:
        if shape is None:
            return None
        if shape.model is not None:
            info = keys(shape.model).get(str(item))
            shape = field_shape(info) if info else None
        elif shape.kind in ("names", "list"):
            shape = shape_of(shape.inner)
        else:
            return None
    return shape


def field_at(model: type[BaseModel], path: SpecPath) -> Field | None:
    """Find the field that a path of the data belongs to: its own, or that of the list or mapping around it."""
    for end in range(len(path), 0, -1):
        parent = shape_at(model, path[: end - 1])
        name = path[end - 1]
        if parent and parent.model and (info := keys(parent.model).get(str(name))):
            return Field(tuple(str(item) for item in path[:end]), info, field_shape(info))
    return None


def field_shape(info: FieldInfo) -> Shape:
    """Find out what a field stands for."""
    return shape_of(info.annotation, tuple(info.metadata))


def walk(model: type[BaseModel], prefix: tuple[str, ...] = ()) -> Iterator[Field]:
    """Yield every field of a model, parents first, in the order of the models."""
    for name, info in model.model_fields.items():
        shape = field_shape(info)
        yield Field((*prefix, name), info, shape)
        inner, path = shape, (*prefix, name)
        while inner.kind in ("names", "list"):
            path = (*path, NAME) if inner.kind == "names" else path
            inner = shape_of(inner.inner)
        if inner.kind == "section" and inner.model is not None:
            yield from walk(inner.model, path)
