"""What is installed into an image: the files that pin the packages, and the package manager's options.

Names and paths of the spec become words of a shell in `words` alone, which quotes them.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterable, Mapping

from cloudgen.spec.build import Build
from cloudgen.stack.text import DockerText

MANIFESTS: Mapping[str, tuple[str, ...]] = {
    "pip": ("*.txt", "*.in", "*requirements*", "*constraints*", "pyproject.toml", "uv.toml"),
    "uv": ("pyproject.toml", "uv.lock", "uv.toml"),
    "poetry": ("pyproject.toml", "poetry.lock", "poetry.toml"),
    "pdm": ("pyproject.toml", "pdm.lock", "pdm.toml"),
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

_SCRIPTED = ("*.py", "setup.cfg", "README*", "VERSION*", "*.md", "*.rst")
"""What a setup.py may read while it says which packages it needs: modules with its version, its description."""

_UNFIT = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]|<<")


NETRC = DockerText(" --mount=type=secret,id=netrc,required=true")
"""The mount of what whoever builds logs in with, at `NETRC_PLACE`: it is part of no layer.
https://docs.docker.com/build/building/secrets/
"""


NETRC_PLACE = "/run/secrets/netrc"
"""Where BuildKit puts a secret of this name."""


def index_environment(build: Build) -> Mapping[str, str]:
    """Return the variables that tell uv of a package index, and all package managers what logs in there.

    The index is asked first, and what it has is never taken from PyPI: https://docs.astral.sh/uv/concepts/indexes/
    """
    if build.index is None:
        return {}
    variable = "UV_DEFAULT_INDEX" if build.index.default else "UV_INDEX"
    return {variable: build.index.url, **({"NETRC": NETRC_PLACE} if credentials(build) else {})}


def credentials(build: Build) -> DockerText:
    """Return the mount of a RUN that asks a package index, with a space before it."""
    return NETRC if build.index is not None and build.index.login == "netrc" else DockerText("")


def manifest_names(build: Build) -> DockerText:
    """Return the test of find(1) for the files that pin the packages."""
    files = build.requirements if build.package_manager == "pip" else []
    named = [pattern for path in files for pattern in (_SCRIPTED if path.endswith("setup.py") else (_like(path),))]
    patterns = dict.fromkeys((*MANIFESTS[build.package_manager], *named))
    return DockerText(" -o ".join(f"-name {words(pattern, always=True)}" for pattern in patterns))


def _like(path: str) -> str:
    """Return the pattern of a file and of those that it may refer to: `*.pip` for base.pip."""
    stem, suffix = posixpath.splitext(posixpath.basename(path))
    return f"*{suffix}" if suffix and suffix != ".toml" else f"{stem}{suffix}"


def install_options(build: Build) -> DockerText:
    """Return what is to be installed, as options of the package manager, each after a space."""
    extras, groups = build.extras, build.groups
    if build.package_manager == "pip":
        files = _each("--requirements", build.requirements)
        return _options(*files, *_each("--extra", extras), *_each("--group", groups))
    if build.package_manager == "poetry":
        return _options("--only", ",".join(["main", *groups]), "--no-root", *_each("--extras", extras))
    if build.package_manager == "pdm":
        # A named dependency group leaves out the others by itself, and pdm refuses --prod beside it.
        # https://pdm-project.org/en/stable/usage/dependency/#select-a-subset-of-dependency-groups-to-install
        return _options(*([] if groups else ["--prod"]), *_each("--group", [*extras, *groups]))
    if build.package_manager == "pipenv":
        return _options("--categories", ",".join(["packages", *groups])) if groups else _options()
    member = _each("--package", [build.member] if build.member else [])
    return _options(*member, *_each("--extra", extras), *_each("--group", groups))


def _each(option: str, values: Iterable[str]) -> list[str]:
    return [word for value in values for word in (option, value)]


def _options(*options: str) -> DockerText:
    return DockerText("".join(f" {words(option)}" for option in options))


def words(*texts: str, always: bool = False) -> DockerText:
    """Return texts as words of a RUN line: quoted, so that a shell takes each as it is, whatever is in it.

    A word of harmless characters needs no quotes, and gets them if `always`. Raises ValueError for what no line can
    hold: control characters, and the mark of a heredoc, which BuildKit looks for even between quotes.
    """
    if any(_UNFIT.search(text) for text in texts):
        raise ValueError("a name or path has a character that a line of a Dockerfile cannot hold")
    return DockerText(" ".join(_quoted(text) if always else shlex.quote(text) for text in texts))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\"'\"'") + "'"
