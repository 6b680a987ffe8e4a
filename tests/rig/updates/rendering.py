"""Rendering one spec after another into one folder, as a user does, in one process for all of them."""

from __future__ import annotations

import contextlib
import io
import multiprocessing
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from cloudgen.cli import run


class RefusedError(AssertionError):
    """cloudgen refused a spec; the text is what it said."""


def render_over(spec: Mapping[str, Any], folder: Path, target: str, options: Sequence[str] = ()) -> str:
    """Write a spec beside a folder and render it there; return what was said. Raises `RefusedError`."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    path = folder.parent / "cloudgen.yaml"
    path.write_text(yaml.safe_dump(dict(spec), sort_keys=False, allow_unicode=True), encoding="utf-8")
    arguments = ["render", str(path), "--target", target, "--output", str(folder), *options]
    code, said = renderer().submit(call, arguments).result()
    if code != 0:
        raise RefusedError(said)
    return said


@cache
def renderer() -> ProcessPoolExecutor:
    """A process that renders, one spec after another.

    Not a thread: pytest puts streams of its own in place between two tests, also while a render's words are caught.
    """
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))


def call(arguments: Sequence[str]) -> tuple[int, str]:
    """Run cloudgen in this process; return its exit code and what it said."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = run(arguments)
    return code, said.getvalue()
