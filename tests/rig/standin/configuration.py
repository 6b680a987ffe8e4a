"""A resource's configuration as the rules see it: reached by dotted names, unknown values left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from rig.standin.encoding import UNKNOWN, is_unknown

Found = tuple[tuple[str | int, ...], Any]


def empty_value(value: Any) -> bool:
    """Whether a value is what Terraform and the API take for "not set"."""
    return value is None or value in ("", [], {}, False)


@dataclass(frozen=True)
class Configuration:
    """One resource, or one block inside it: its type, its values, and the path that leads to the block."""

    type: str
    values: dict[str, Any]
    project: str = "standin-project"
    region: str = "us-central1"
    path: tuple[str | int, ...] = field(default=())

    def find(self, name: str) -> Iterator[Found]:
        """Yield the path and value of everything at a dotted name that is set and known; blocks repeat."""
        yield from self._descend(self.values, tuple(name.split(".")), self.path)

    def _descend(self, value: Any, words: tuple[str, ...], path: tuple[str | int, ...]) -> Iterator[Found]:
        if value is None or is_unknown(value):
            return
        if isinstance(value, list) and (words or (value and isinstance(value[0], dict))):
            for at, item in enumerate(value):
                yield from self._descend(item, words, (*path, at))
        elif not words:
            yield path, value
        elif isinstance(value, dict):
            yield from self._descend(value.get(words[0]), words[1:], (*path, words[0]))

    def blocks(self, name: str) -> Iterator[Configuration]:
        """Yield the nested blocks at a dotted name, each as a resource of its own."""
        for path, value in self.find(name):
            if isinstance(value, dict):
                yield Configuration(self.type, value, self.project, self.region, path)

    def get(self, name: str, default: Any = None) -> Any:
        """Return the first known value at a dotted name, or the default."""
        return next((value for _, value in self.find(name)), default)

    def at(self, name: str) -> tuple[str | int, ...]:
        """Return the path of the first value at a dotted name, or the path where it would stand."""
        return next((path for path, _ in self.find(name)), self.path + self._expected(self.values, name.split(".")))

    def _expected(self, value: Any, words: list[str]) -> tuple[str | int, ...]:
        """Return the path of what is missing: through the first of each block that is there."""
        if not words:
            return ()
        if isinstance(value, list):
            return (0, *self._expected(value[0], words)) if value else tuple(words)
        inner = value.get(words[0]) if isinstance(value, dict) else None
        return (words[0], *self._expected(inner, words[1:]))

    def is_set(self, name: str) -> bool:
        """Whether anything is set at a dotted name; what is unknown until apply counts as set."""
        return self._set(self.values, tuple(name.split(".")))

    def _set(self, value: Any, words: tuple[str, ...]) -> bool:
        if is_unknown(value):
            return True
        if isinstance(value, list) and words:
            return any(self._set(item, words) for item in value)
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return True
        if not words:
            return not empty_value(value)
        return isinstance(value, dict) and self._set(value.get(words[0]), words[1:])

    def has_unknown(self, name: str) -> bool:
        """Whether something at a dotted name is unknown until apply."""

        def search(value: Any, words: tuple[str, ...]) -> bool:
            if is_unknown(value):
                return True
            if isinstance(value, list):
                return any(search(item, words) for item in value)
            if isinstance(value, dict):
                return (
                    search(value.get(words[0]), words[1:])
                    if words
                    else any(search(item, ()) for item in value.values())
                )
            return False

        return search(self.values, tuple(name.split(".")))


__all__ = ["UNKNOWN", "Configuration", "empty_value"]
