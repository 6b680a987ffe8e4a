"""A row of the table: a spec, what is changed in it, and what may happen on each cloud, there and back."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

SPECS = Path(__file__).parent / "specs"

REMOVED = object()
"""In a change: the key goes."""

Sentences = tuple[str, ...]


@dataclass(frozen=True)
class Edit:
    """A spec, a change, and what may happen.

    `change` has dotted paths into the spec, a number for an item of a list (`+` before it: inserted there); the value
    is what stands there then, or `REMOVED`. `there` and `back` have the sentences of `expectation` by cloud; without
    `back` there is no way back. `options` are arguments of `cloudgen render`, such as `--allow-destroy`.
    """

    id: str
    spec: str
    """The name of a file in specs/."""
    change: Mapping[str, Any]
    there: Mapping[str, Sentences]
    back: Mapping[str, Sentences] = field(default_factory=dict)
    options: Sentences = ()

    @property
    def before(self) -> dict[str, Any]:
        """The spec as it was."""
        return base(self.spec)

    @property
    def after(self) -> dict[str, Any]:
        """The spec as it becomes."""
        return changed(self.before, self.change)


def base(name: str) -> dict[str, Any]:
    """Return a spec of this folder."""
    spec: dict[str, Any] = yaml.safe_load((SPECS / f"{name}.yaml").read_text(encoding="utf-8"))
    return spec


def changed(spec: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Return a spec with a change made in it. Raises KeyError or IndexError for a path that leads nowhere."""
    out = copy.deepcopy(dict(spec))
    for path, value in change.items():
        *outer, last = path.split(".")
        place: Any = out
        for key in outer:
            place = place[int(key)] if isinstance(place, list) else place.setdefault(key, {})
        if isinstance(place, list):
            _in_list(place, last, value)
        elif value is REMOVED:
            del place[last]
        else:
            place[last] = value
    return out


def _in_list(place: list[Any], key: str, value: Any) -> None:
    if value is REMOVED:
        del place[int(key)]
    elif key.startswith("+"):
        place.insert(int(key), value)
    else:
        place[int(key)] = value


def renamed(spec: str, path: str, name: str) -> dict[str, Any]:
    """Return the change that gives a part of a spec another name, at the place where it was."""
    *outer, old = path.split(".")
    place: Any = base(spec)
    for key in outer:
        place = place[key]
    return {".".join(outer): {name if key == old else key: value for key, value in place.items()}}
