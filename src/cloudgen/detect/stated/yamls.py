"""YAML of others (compose, render.yaml, ...) with the line of each node. Every scalar is text; anchors and `<<` work.

Built from the parser's events with a limit of depth, because composing recurses in C.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudgen.detect.tree import Tree

MAX_DEPTH = 48
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_Path = tuple[str | int, ...]


class Yaml:
    """The first document of a file, `data`, and the line of each of its nodes."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self._lines: dict[_Path, int] = {}
        self._anchors: dict[str, Any] = {}
        self._events: Iterator[Any] = iter(yaml.parse(text, Loader=_LOADER))
        self.data: Any = None
        for event in self._events:
            if isinstance(event, yaml.NodeEvent):
                self.data = self._node(event, (), 0)
                break

    def place(self, *path: str | int) -> str:
        """Return the evidence for a node: that of its nearest parent where the node itself came by an alias."""
        while path and path not in self._lines:
            path = path[:-1]
        return f"{self.file}:{self._lines.get(path, 1)}"

    def get(self, *path: str | int) -> Any:
        """Return the node at a path, or None."""
        data = self.data
        for item in path:
            if isinstance(data, dict):
                data = data.get(str(item))
            else:
                data = data[item] if isinstance(data, list) and isinstance(item, int) and item < len(data) else None
        return data

    def mapping(self, *path: str | int) -> dict[str, Any]:
        """Return the mapping at a path, empty where something else is there."""
        found = self.get(*path)
        return found if isinstance(found, dict) else {}

    def items(self, *path: str | int) -> list[Any]:
        """Return the list at a path, empty where something else is there."""
        found = self.get(*path)
        return found if isinstance(found, list) else []

    def _node(self, event: Any, path: _Path, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise yaml.YAMLError(f"nested deeper than {MAX_DEPTH} levels")
        if isinstance(event, yaml.AliasEvent):
            return self._anchors.get(str(event.anchor))
        self._lines.setdefault(path, event.start_mark.line + 1)
        if isinstance(event, yaml.ScalarEvent):
            node: Any = None if event.implicit[0] and event.value in _NULLS else event.value
        elif isinstance(event, yaml.SequenceStartEvent):
            node = []
            while not isinstance(item := next(self._events), yaml.SequenceEndEvent):
                node.append(self._node(item, (*path, len(node)), depth + 1))
        else:
            node = self._pairs(path, depth)
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _pairs(self, path: _Path, depth: int) -> dict[str, Any]:
        pairs: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        while not isinstance(key := next(self._events), yaml.MappingEndEvent):
            name = self._node(key, (*path, "?"), depth + 1)
            if isinstance(name, str):
                self._lines[(*path, name)] = key.start_mark.line + 1
            value = self._node(next(self._events), (*path, str(name)), depth + 1)
            if name == "<<":
                for item in value if isinstance(value, list) else [value]:
                    merged = {**(item if isinstance(item, dict) else {}), **merged}
            elif isinstance(name, str):
                pairs[name] = value
        return {**merged, **pairs}


def read(tree: Tree, file: str) -> Yaml | None:
    """Read a YAML file; one that is broken is noted."""
    text = tree.text(file)
    if text is None:
        return None
    try:
        return Yaml(file, text)
    except (yaml.YAMLError, StopIteration) as error:
        reason = " ".join(str(getattr(error, "problem", None) or error).split())
        mark = getattr(error, "problem_mark", None)
        where = f"{file}:{mark.line + 1}" if mark else file
        tree.notes.append(f"{where} is no valid YAML, so the file was not looked at: {reason}")
        return None
