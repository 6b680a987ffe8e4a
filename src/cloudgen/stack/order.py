"""The order of a spec's fields: in which warnings are told, whatever order the parts of a stack are built in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cloudgen.errors import Problem, SpecPath
    from cloudgen.spec.deployment import Deployment


def in_field_order(problems: Iterable[Problem], deployment: Deployment) -> tuple[Problem, ...]:
    """Sort problems by their paths: models have the order of their fields, everything else that of the spec."""
    return tuple(sorted(problems, key=lambda problem: tuple(_places(deployment, problem.path))))


def _places(value: object, path: SpecPath) -> Iterator[int]:
    """Yield where each step of a path stands in what it leads through; what a spec does not have comes first."""
    for step in path:
        if isinstance(value, BaseModel):
            names, value = list(type(value).model_fields), getattr(value, str(step), None)
        elif isinstance(value, Mapping):
            names, value = list(value), value.get(step)
        elif isinstance(value, Sequence) and isinstance(step, int):
            yield step
            value = value[step] if step < len(value) else None
            continue
        else:
            return
        yield names.index(step) if step in names else -1
