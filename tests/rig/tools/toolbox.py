"""Finding the programs that some tests run: a missing one skips a test with its reason, or fails it where demanded.

The environment variable CLOUDGEN_REQUIRE names the tools that must be there, separated by commas, or is `all`.
CI sets it, so that nothing passes there by being skipped.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

VARIABLE = "CLOUDGEN_REQUIRE"
OPTIONAL = ("google-provider",)
"""What `all` does not mean: what nobody publishes but a registry, which may not be reached where tests run."""


class MissingToolError(Exception):
    """A tool is not to be had here; the text says why, and where to get it."""


Finder = Callable[[Path, ExitStack], Path]
"""Finds a tool, with a folder for what it must write, and a stack for what must be stopped at the end.

Raises `MissingToolError`.
"""

Require = Callable[[str], Path]
"""What the fixture `require` gives: it finds a tool, skips the test where it is missing, or fails it where demanded."""


def demanded(name: str) -> bool:
    """Tell whether a missing tool is a failure here."""
    wanted = {part.strip() for part in os.environ.get(VARIABLE, "").split(",")}
    return name in wanted or ("all" in wanted and name not in OPTIONAL)


class Toolbox:
    """Looks each tool up once; `close` stops what had to be started."""

    def __init__(self, finders: Mapping[str, Finder], folder: Path) -> None:
        self._finders = finders
        self._folder = folder
        self._found: dict[str, Path | MissingToolError] = {}
        self._stack = ExitStack()

    def find(self, name: str) -> Path:
        """Return the tool's path. Raises `MissingToolError`, and `KeyError` for a name that is no tool's."""
        if name not in self._found:
            folder = self._folder / name
            folder.mkdir(parents=True, exist_ok=True)
            try:
                self._found[name] = self._finders[name](folder, self._stack)
            except MissingToolError as missing:
                self._found[name] = missing
        found = self._found[name]
        if isinstance(found, MissingToolError):
            raise found
        return found

    def close(self) -> None:
        """Stop what was started."""
        self._stack.close()


def program(name: str, advice: str) -> Finder:
    """Find a program on PATH, or among those of the environment that the tests run in."""

    def find(folder: Path, stack: ExitStack) -> Path:
        return on_path(name, advice)

    return find


def on_path(name: str, advice: str) -> Path:
    """Return the program of that name. Raises `MissingToolError` with the advice."""
    beside_python = str(Path(sys.executable).parent)
    found = shutil.which(name, path=os.pathsep.join([beside_python, os.environ.get("PATH", os.defpath)]))
    if found is None:
        raise MissingToolError(f"{name} is not on PATH: {advice}")
    return Path(found)


def terraform(folder: Path, stack: ExitStack) -> Path:
    """Find Terraform of a version that the rendered modules accept."""
    advice = "install Terraform 1.11 or later, https://developer.hashicorp.com/terraform/install"
    found = on_path("terraform", advice)
    environment = {**os.environ, "CHECKPOINT_DISABLE": "1"}
    run = subprocess.run(
        [found, "version", "-json"], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    version = re.search(r'"terraform_version":\s*"(\d+)\.(\d+)', run.stdout)
    if version is None or (int(version[1]), int(version[2])) < (1, 11):
        raise MissingToolError(f"{found} is too old or does not run: {advice}")
    return found


def compose(folder: Path, stack: ExitStack) -> Path:
    """Find Docker Compose 2 or later as a program of its own; version 1 knows another file format."""
    found = on_path("docker-compose", "pip install -r requirements/tools.txt")
    version = subprocess.run([found, "version", "--short"], capture_output=True, text=True, timeout=60, check=False)
    if version.returncode != 0 or version.stdout.strip().lstrip("v").startswith("1."):
        raise MissingToolError(f"{found} is not Docker Compose 2 or later: pip install -r requirements/tools.txt")
    return found
