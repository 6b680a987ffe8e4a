"""Rendering one spec after another into one folder, as a user does, without a process for each."""

from __future__ import annotations

import contextlib
import io
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from cloudgen.cli import run

ONE_AT_A_TIME = threading.Lock()
"""What is printed is caught, which one render would do in the middle of another one."""


class RefusedError(AssertionError):
    """cloudgen refused a spec; the text is what it said."""


def render_over(spec: Mapping[str, Any], folder: Path, target: str, options: Sequence[str] = ()) -> str:
    """Write a spec beside a folder and render it there; return what was said. Raises `RefusedError`."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    path = folder.parent / "cloudgen.yaml"
    path.write_text(yaml.safe_dump(dict(spec), sort_keys=False, allow_unicode=True), encoding="utf-8")
    said = io.StringIO()
    with ONE_AT_A_TIME, contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = run(["render", str(path), "--target", target, "--output", str(folder), *options])
    if code != 0:
        raise RefusedError(said.getvalue())
    return said.getvalue()
