"""The values of a deployment: every field that it has, with the place in the spec and where the value comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from cloudgen.dataclass import dataclass
from cloudgen.errors import SpecPath
from cloudgen.spec.fields import NAME, Field, Shape, field_shape, shape_of

if TYPE_CHECKING:
    from cloudgen.spec.deployment import Deployment

Source = Literal["spec", "profile", "default"]
"""Who chose a value: the user, the profile of the environment, or the model."""


def key_of(path: Sequence[str]) -> str:
    """Write a field's path as tables of fields have it: `containers.*.schedule.retries`."""
    return ".".join("*" if part == NAME else part for part in path)


@dataclass(frozen=True)
class Value:
    """A field of one deployment. `path` has the names and list indexes of this spec, `field` the pattern."""

    path: SpecPath
    field: Field
    value: Any
    source: Source

    @property
    def key(self) -> str:
        """The field, without the names of this spec: `storage.buckets.*.versioning`."""
        return key_of(self.field.path)

    @property
    def is_leaf(self) -> bool:
        """Whether the value is its own, and not only that of the fields below it."""
        return self.value is None or (
            not isinstance(self.value, BaseModel) and not _below(self.field.shape, self.value)
        )

    @property
    def asks_nothing(self) -> bool:
        """Whether the value asks a target for nothing: nothing is stated, or something is switched off."""
        return self.value is None or self.value is False or (isinstance(self.value, Mapping | list) and not self.value)

    @property
    def text(self) -> str:
        """The value as one writes it in a spec: `50Gi`, `true`, `[a, b]`."""
        return _text(self.field.shape, self.value)

    @property
    def data(self) -> Any:
        """The value as JSON data."""
        if self.value is None or isinstance(self.value, bool):
            return self.value
        if isinstance(self.value, Mapping):
            return {name: str(item) for name, item in self.value.items()}
        if isinstance(self.value, list):
            return [_text(shape_of(self.field.shape.inner), item) for item in self.value]
        is_number = isinstance(self.value, int | float) and self.field.shape.example is None
        return self.value if is_number else self.text


def _text(shape: Shape, value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{name}: {item}' for name, item in value.items())}}}"
    if isinstance(value, list):
        inner = shape_of(shape.inner)
        return f"[{', '.join(_text(inner, item) for item in value)}]"
    return shape.written(value)


def values(deployment: Deployment) -> Iterator[Value]:
    """Yield every field of a deployment, parents first, in the order of the models."""
    yield from _section(deployment, (), (), deployment.written)


def _section(
    model: BaseModel, path: SpecPath, pattern: tuple[str, ...], written: frozenset[SpecPath] | None
) -> Iterator[Value]:
    for name, (info, shape) in _shapes(type(model)).items():
        value = getattr(model, name)
        own, field = (*path, name), Field((*pattern, name), info, shape)
        yield Value(own, field, value, _source(model, name, own, written))
        for section, place, names in _sections(value, own, field.path):
            yield from _section(section, place, names, written)


@cache
def _shapes(model: type[BaseModel]) -> dict[str, tuple[FieldInfo, Shape]]:
    """What the fields of a model are; a spec has many sections of one model."""
    return {name: (info, field_shape(info)) for name, info in model.model_fields.items()}


def _sections(
    value: Any, path: SpecPath, pattern: tuple[str, ...]
) -> Iterator[tuple[BaseModel, SpecPath, tuple[str, ...]]]:
    """Yield the sections that a value holds, each with its path and its pattern."""
    if isinstance(value, BaseModel) and not _is_text(value):
        yield value, path, pattern
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _sections(item, (*path, name), (*pattern, NAME))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _sections(item, (*path, index), pattern)


def _below(shape: Shape, value: Any) -> bool:
    """Whether a value is a collection of sections that are not empty."""
    return shape.kind in ("names", "list") and bool(value) and shape_of(shape.inner).kind == "section"


def _is_text(value: BaseModel) -> bool:
    """Whether a model stands for what is written as one text, such as a connection."""
    return type(value).__str__ is not BaseModel.__str__


def _source(model: BaseModel, name: str, path: SpecPath, written: frozenset[SpecPath] | None) -> Source:
    if name not in model.model_fields_set:
        return "default"
    return "spec" if written is None or path in written else "profile"


def places(data: Any, path: SpecPath = ()) -> Iterator[SpecPath]:
    """Yield the path of everything that stands in a document."""
    items: Any = ()
    if isinstance(data, Mapping):
        items = data.items()
    elif isinstance(data, list):
        items = enumerate(data)
    for key, item in items:
        yield (*path, key)
        yield from places(item, (*path, key))
