"""Running hadolint, a linter for Dockerfiles, on many of them at once."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

IGNORE = re.compile(r"^(?P<above>.*\n)?[ \t]*#[ \t]*hadolint[ \t]+(?:global[ \t]+)?ignore=(?P<codes>\S+)", re.MULTILINE)
"""A suppression inside of a Dockerfile, and the line above it, which says why."""


@dataclass(frozen=True, order=True)
class Lint:
    """Something that hadolint says of a file, of whatever severity."""

    file: Path
    code: str
    line: int
    message: str


def lint(hadolint: Path, files: Sequence[Path], folder: Path, *, heed_comments: bool = True) -> list[Lint]:
    """Lint files, with no configuration but hadolint's own; `folder` is an empty one. Comments in files may suppress.

    https://github.com/hadolint/hadolint#cli
    """
    options = ["--no-color", "--format", "json", *([] if heed_comments else ["--disable-ignore-pragma"])]
    run = subprocess.run(
        [hadolint, *options, *(file.resolve() for file in files)],
        cwd=folder,
        env={**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    # 1: it has something to say.
    if run.returncode not in {0, 1} or not run.stdout:
        raise AssertionError(f"hadolint ended with {run.returncode}:\n{run.stdout[-2000:]}{run.stderr[-2000:]}")
    return sorted(Lint(Path(one["file"]), one["code"], one["line"], one["message"]) for one in json.loads(run.stdout))


def ignored(file: Path) -> set[str]:
    """Return the codes that comments in a Dockerfile suppress."""
    text = file.read_text(encoding="utf-8")
    return {code for match in IGNORE.finditer(text) for code in match["codes"].split(",")}
