"""Templates for other generators that write what cloudgen wrote: its files, with the name of the application asked for.

That is the least they could do: everything else in the files is constant.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

NAME = "shop"
_SPECIAL = re.compile(rf"\{{{{2,}}|\}}{{2,}}|\{{[%#]|[%#]\}}|\{{(?=\}}\}}|{NAME}\b)|\b{NAME}\b")


def _templated(text: str, variable: str) -> str:
    """Put a variable for the name, and what Jinja would read as its own into quotes."""
    return _SPECIAL.sub(lambda found: f"{{{{ {variable if found[0] == NAME else repr(found[0])} }}}}", text)


def _files(tree: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(tree.rglob("*")):
        if path.is_file() and path.name != ".cloudgen.json":
            yield path.relative_to(tree).as_posix(), path.read_bytes().decode()


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


def cookiecutter_template(tree: Path, folder: Path) -> Path:
    """Make a template of a tree for cookiecutter."""
    _write(folder / "cookiecutter.json", json.dumps({"name": NAME}))
    for name, text in _files(tree):
        _write(folder / "{{cookiecutter.name}}" / name, _templated(text, "cookiecutter.name"))
    return folder


def copier_template(tree: Path, folder: Path) -> Path:
    """Make a template of a tree for copier."""
    _write(folder / "copier.yml", f"_subdirectory: files\nname: {{type: str, default: {NAME}}}\n")
    for name, text in _files(tree):
        _write(folder / "files" / f"{name}.jinja", _templated(text, "name"))
    return folder
