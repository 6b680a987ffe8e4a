"""A working copy of a spec's data, in which mistakes that were reported are repaired so that the rest can be checked.

pydantic runs the validators of a model only once all its fields are right, so a single wrong value would hide every
mistake that such a validator finds. Repairs never reach a render: a spec with a problem is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cloudgen.errors import SpecPath


class WorkingCopy:
    """The user's data without the nodes that were dropped, and with keys renamed to what they were meant to be."""

    def __init__(self, data: Any, dropped: Iterable[SpecPath] = ()) -> None:
        self._data = data
        self._dropped: set[SpecPath] = set(dropped)
        self._parents: set[SpecPath] = {path[:-1] for path in self._dropped}
        self._parents_of_unknown: set[SpecPath] = set()
        self._renamed: dict[SpecPath, str] = {}
        self._filled: dict[SpecPath, Any] = {}
        self._origin: dict[SpecPath, SpecPath] = {}

    def drop(self, path: SpecPath, *, is_known: bool = True) -> None:
        """Leave the node at a path (of the user's data) out from now on. The spec has no key that is not known."""
        self._dropped.add(path)
        (self._parents if is_known else self._parents_of_unknown).add(path[:-1])

    def rename(self, path: SpecPath, name: str) -> None:
        """Give the key at a path (of the user's data) another name."""
        self._renamed[path] = name

    def fill(self, path: SpecPath, value: Any) -> None:
        """Put a value where the user's data has nothing, or something that was dropped."""
        self._filled[path] = value
        self._dropped.add(path)

    def is_dropped(self, path: SpecPath) -> bool:
        """Whether the node at a path, or one around it, was left out."""
        return any(path[:end] in self._dropped for end in range(len(path) + 1))

    def lost_a_child(self, path: SpecPath) -> bool:
        """Whether an entry directly below a path was left out, so that what is said of the whole may be its echo."""
        return path in self._parents

    def lost_an_unknown_key(self, path: SpecPath) -> bool:
        """Whether a key that nobody knows was left out directly below a path; it may have meant one that is needed."""
        return path in self._parents_of_unknown

    def is_renamed(self, path: SpecPath) -> bool:
        """Whether a key of the user's data was taken for another one."""
        return path in self._renamed

    def is_renamed_to(self, parent: SpecPath, name: str) -> bool:
        """Whether a key below `parent` (both of the user's data) was taken for `name`."""
        return any(path[:-1] == parent and meant == name for path, meant in self._renamed.items())

    def data(self, *, without_dropped: bool = True) -> Any:
        """Build the data anew, with all repairs so far; `origin` then leads from it to the user's data."""
        self._origin = {(): ()}
        return self._copy(self._data, (), (), without_dropped)

    def origin(self, path: SpecPath) -> SpecPath:
        """Translate a path of the data that was built last into one of the user's data."""
        for end in range(len(path), -1, -1):
            known = self._origin.get(path[:end])
            if known is not None:
                return (*known, *path[end:])
        return path

    def _copy(self, node: Any, old: SpecPath, new: SpecPath, without: bool) -> Any:
        self._origin[new] = old
        if isinstance(node, dict):
            entries: dict[str, Any] = {}
            for key, value in node.items():
                path = (*old, key)
                if without and path in self._filled:
                    entries[key] = self._filled[path]
                elif not (without and path in self._dropped):
                    name = self._renamed.get(path, str(key))
                    entries[name] = self._copy(value, path, (*new, name), without)
            for filled, value in self._filled.items():
                if without and filled[:-1] == old:
                    entries.setdefault(str(filled[-1]), value)
            return entries
        if isinstance(node, list):
            kept = [index for index in range(len(node)) if not (without and (*old, index) in self._dropped)]
            return [self._copy(node[index], (*old, index), (*new, at), without) for at, index in enumerate(kept)]
        return node
