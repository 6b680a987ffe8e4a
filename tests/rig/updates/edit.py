"""A row of the table: a spec, what is changed in it, and what may happen on each cloud, there and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
CLOUDS = ("aws", "gcp")
WAYS = ("there", "back")

Sentences = tuple[str, ...]


@dataclass(frozen=True)
class Edit:
    """A spec, a change, and what may happen.

    Paths into the spec are dotted; a number is an item of a list, with `+` before it one that is inserted there. What
    is to be renamed is renamed first, then `change` sets values, then what is to be removed goes. `sentences` are those
    of `expectation` by cloud and direction, `there` or `back`; without those for `back` there is no way back. `options`
    are arguments of `cloudgen render`, such as `--allow-destroy`. Where `images` is `anew`, the spec stays as it
    is, and all images are built anew.
    """

    id: str
    spec: str
    """The name of a file in specs/."""
    change: Mapping[str, Any]
    remove: Sentences
    rename: Mapping[str, str]
    sentences: Mapping[tuple[str, str], Sentences]
    options: Sentences = ()
    anew: bool = False
    """Whether the images are built anew: each has another digest."""

    @classmethod
    def read(cls, name: str, row: Mapping[str, Any]) -> Edit:
        """Read a row of the table. Raises KeyError for a key that no row has."""
        unknown = set(row) - {"spec", "change", "remove", "rename", "options", "images", *CLOUDS}
        if unknown:
            raise KeyError(f"{name}: {', '.join(sorted(unknown))}")
        sentences = {(cloud, way): tuple(said) for cloud in CLOUDS for way, said in row.get(cloud, {}).items()}
        remove, options = tuple(row.get("remove", ())), tuple(row.get("options", ()))
        anew = {None: False, "anew": True}[row.get("images")]
        return cls(name, row["spec"], row.get("change", {}), remove, row.get("rename", {}), sentences, options, anew)

    @property
    def clouds(self) -> tuple[str, ...]:
        """The clouds that the row says something about."""
        return tuple(cloud for cloud in CLOUDS if (cloud, "there") in self.sentences)

    def ways(self, cloud: str) -> tuple[str, ...]:
        """The directions that the row says something about on a cloud."""
        return tuple(way for way in WAYS if (cloud, way) in self.sentences)

    def is_mirrored(self, cloud: str, way: str) -> bool:
        """Whether this is a way back of which the row says just what it says of the way there."""
        return way == "back" and self.sentences[cloud, way] == self.sentences[cloud, "there"]

    @property
    def before(self) -> dict[str, Any]:
        """The spec as it was."""
        return base(self.spec)

    @property
    def after(self) -> dict[str, Any]:
        """The spec as it becomes. Raises KeyError or IndexError for a path that leads nowhere."""
        return self.made_in(self.before)

    def made_in(self, spec: dict[str, Any]) -> dict[str, Any]:
        """Make the change in a spec, maybe after other edits, and return it."""
        for path, name in self.rename.items():
            outer, old = place(spec, path)
            kept = list(outer.items())
            outer.clear()
            outer.update({name if key == old else key: value for key, value in kept})
        for path, value in self.change.items():
            outer, last = place(spec, path)
            if isinstance(outer, list) and last.startswith("+"):
                outer.insert(int(last), value)
            else:
                outer[int(last) if isinstance(outer, list) else last] = value
        for path in self.remove:
            outer, last = place(spec, path)
            del outer[int(last) if isinstance(outer, list) else last]
        return spec


def base(name: str) -> dict[str, Any]:
    """Return a spec of the folder specs/."""
    spec: dict[str, Any] = yaml.safe_load((FOLDER / "specs" / f"{name}.yaml").read_text(encoding="utf-8"))
    return spec


def place(spec: dict[str, Any], path: str) -> tuple[Any, str]:
    """Return what a path's last word is in, and that word; sections that are not there are made."""
    *words, last = path.split(".")
    outer: Any = spec
    for word in words:
        outer = outer[int(word)] if isinstance(outer, list) else outer.setdefault(word, {})
    return outer, last


def edits() -> tuple[Edit, ...]:
    """Return the table: the rows of all files in the folder table/."""
    rows: dict[str, Any] = {}
    for file in sorted((FOLDER / "table").glob("*.yaml")):
        rows |= yaml.safe_load(file.read_text(encoding="utf-8"))
    return tuple(Edit.read(name, row) for name, row in rows.items())


EDITS = edits()
