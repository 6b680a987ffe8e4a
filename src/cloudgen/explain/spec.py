"""The resolved view of a spec: every field with its value and whose it is, and what each cloud makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cloudgen import report
from cloudgen.dataclass import dataclass
from cloudgen.errors import Problem, SpecError
from cloudgen.pipeline import build
from cloudgen.spec.fields import Field, walk
from cloudgen.spec.values import Value, key_of, values
from cloudgen.stack import TARGETS
from cloudgen.stack.parity import Parity, Status, absent, by_path, is_foreign, status

if TYPE_CHECKING:
    from cloudgen.errors import SpecPath
    from cloudgen.pipeline import Spec
    from cloudgen.stack.base import Stack
    from cloudgen.stack.summary import SummaryRow


@dataclass(frozen=True)
class Side:
    """What one target makes of a spec; `stack` is None where it cannot be rendered, for the reasons in `problems`."""

    name: str
    stack: Stack | None
    problems: tuple[Problem, ...]
    parity: Parity | None = None
    """How well the target supports the spec; None for one that is no cloud."""

    @property
    def rows(self) -> Sequence[SummaryRow]:
        """The parts of the stack, in few words."""
        return self.stack.summary if self.stack else ()


@dataclass(frozen=True)
class FieldView:
    """A field of the spec with what each cloud does about it. `value` is None for a field that this spec has no place
    for, such as the size of a cache where there is none."""

    place: str
    key: str
    value: Value | None
    statuses: Mapping[str, Status]

    @property
    def differing(self) -> Mapping[str, Status]:
        """The clouds that do not do exactly what the field says; but nobody misses a default that is unsupported."""
        if self.value is None:
            return {}
        harmless = {"exact", "unsupported"} if self.value.source == "default" else {"exact"}
        return {name: held for name, held in self.statuses.items() if held.level not in harmless}

    def record(self) -> dict[str, Any]:
        """The field as JSON data."""
        return {
            "path": self.place,
            "field": self.key,
            "value": _clean(self.value.data) if self.value else None,
            "source": self.value.source if self.value else "absent",
            "status": {
                name: {"level": held.level, "why": report.clean(held.why)} for name, held in self.statuses.items()
            },
        }


@dataclass(frozen=True)
class Resolved:
    """A spec side by side on several targets."""

    spec: Spec
    sides: tuple[Side, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The errors and warnings of all targets, each once, located in the file."""
        found = [problem for side in self.sides for problem in side.problems]
        return self.spec.document.locate(tuple(dict.fromkeys(found)))

    @property
    def fields(self) -> tuple[FieldView, ...]:
        """Every field of the spec: those with a value, in the order of the models, then those without a place."""
        deployment = self.spec.deployment
        warned = {side.name: by_path(side.problems) for side in self.sides}
        found = [self._field(value, warned) for value in values(deployment) if value.is_leaf]
        keys = {key for view in found for key in _around(view.key)}
        absent = [self._absent(item) for item in walk(type(deployment)) if key_of(item.path) not in keys]
        return (*found, *absent)

    def _absent(self, item: Field) -> FieldView:
        key = key_of(item.path)
        statuses = {
            side.name: absent(side.parity, key, self.spec.deployment)
            for side in self.sides
            if side.parity and not is_foreign(item.path, side.name) and _is_told(side.parity, key)
        }
        return FieldView(key, key, None, statuses)

    def _field(self, value: Value, warned: Mapping[str, Mapping[SpecPath, Sequence[str]]]) -> FieldView:
        statuses = {
            side.name: status(side.parity, value, self.spec.deployment, warned[side.name])
            for side in self.sides
            if side.parity and not is_foreign(value.field.path, side.name) and _is_told(side.parity, value.key)
        }
        return FieldView(".".join(map(str, value.path)), value.key, value, statuses)

    def record(self) -> dict[str, Any]:
        """Everything as JSON data."""
        deployment = self.spec.deployment
        return {
            "name": deployment.name,
            "environment": deployment.environment,
            "prefix": deployment.prefix,
            "fields": [view.record() for view in self.fields],
            "targets": {
                side.name: {"rendered": side.stack is not None, "parts": [_row(row) for row in side.rows]}
                for side in self.sides
            },
            "problems": report.records(self.problems, self.spec.document),
        }


def resolve(spec: Spec, targets: Sequence[str]) -> Resolved:
    """Build a spec for each target, whether or not it can be rendered for all of them."""
    return Resolved(spec, tuple(_side(spec, name) for name in targets))


def _side(spec: Spec, name: str) -> Side:
    parity = TARGETS[name].support()
    try:
        stack = build(spec, name)
    except SpecError as error:
        return Side(name, None, tuple(error.problems), parity)
    return Side(name, stack, tuple(stack.warnings), parity)


def _around(key: str) -> Iterator[str]:
    """A field and each section that it is in: `scaling.min`, `scaling`."""
    while key:
        yield key
        key = key.rpartition(".")[0]


def _is_told(parity: Parity, key: str) -> bool:
    """Whether a cloud says something of a field: it need not of a list or section that is empty."""
    try:
        parity.of(key)
    except KeyError:
        return False
    return True


def _row(row: SummaryRow) -> dict[str, Any]:
    return {"part": row.part, "name": row.name, "resource": row.resource, "values": dict(row.values)}


def _clean(data: Any) -> Any:
    """Mask what looks like a secret."""
    if isinstance(data, str):
        return report.clean(data)
    if isinstance(data, list):
        return [_clean(item) for item in data]
    if isinstance(data, dict):
        return {key: _clean(item) for key, item in data.items()}
    return data
