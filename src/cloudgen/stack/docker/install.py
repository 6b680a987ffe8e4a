"""What is installed into an image: the files that pin the packages, and the package manager's options.

Everything of the spec in here are names and paths whose characters mean nothing to a shell; the spec's types see to it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping

from cloudgen.spec.containers import Build
from cloudgen.stack.text import DockerText

MANIFESTS: Mapping[str, tuple[str, ...]] = {
    "pip": ("*.txt", "*.in", "pyproject.toml", "uv.toml"),
    "uv": ("pyproject.toml", "uv.lock", "uv.toml"),
    "poetry": ("pyproject.toml", "poetry.lock", "poetry.toml"),
    "pipenv": ("Pipfile", "Pipfile.lock"),
}
"""Names of the files that say which packages are installed, in any folder: files refer to others, and workspaces have
members."""

LOCAL_LINES = DockerText(
    r"/^\s*((-e|--editable)[ =]?\s*)?(\.|file:|[A-Za-z0-9_][A-Za-z0-9_.-]*\/)/d;"
    r"/^\s*[A-Za-z0-9][A-Za-z0-9_.-]*(\[[^]]*\])?\s*@\s*(\.|file:)/d"
)
"""Removes the lines of a requirements file that name a folder or file beside it: `-e .`, `./libs/common`,
`common @ file:libs/common`, `vendor/common.whl`.
https://pip.pypa.io/en/stable/reference/requirements-file-format/#supported-forms
"""

_HARMLESS = re.compile(r"[A-Za-z0-9._/,-]+")


def manifest_names(build: Build) -> DockerText:
    """Return the test of find(1) for the files that pin the packages."""
    named = (posixpath.basename(path) for path in build.requirements) if build.package_manager == "pip" else ()
    patterns = dict.fromkeys((*MANIFESTS[build.package_manager], *(name for name in named if not _is_usual(name))))
    return DockerText(" -o ".join(f"-name '{pattern}'" for pattern in patterns))


def _is_usual(name: str) -> bool:
    return name.endswith((".txt", ".in")) or name in MANIFESTS["pip"]


def install_options(build: Build) -> DockerText:
    """Return what is to be installed, as options of the package manager, each after a space."""
    extras, groups = build.extras, build.groups
    if build.package_manager == "pip":
        files = _each("--requirements", build.requirements)
        return _words(*files, *_each("--extra", extras), *_each("--group", groups))
    if build.package_manager == "poetry":
        return _words("--only", ",".join(["main", *groups]), "--no-root", *_each("--extras", extras))
    if build.package_manager == "pipenv":
        return _words("--categories", ",".join(["packages", *groups])) if groups else _words()
    member = _each("--package", [build.member] if build.member else [])
    return _words(*member, *_each("--extra", extras), *_each("--group", groups))


def _each(option: str, values: Iterable[str]) -> list[str]:
    return [word for value in values for word in (option, value)]


def _words(*words: str) -> DockerText:
    if not all(map(_HARMLESS.fullmatch, words)):
        raise ValueError("a name or path has a character that a shell could take for its own")
    return DockerText("".join(f" {word}" for word in words))
