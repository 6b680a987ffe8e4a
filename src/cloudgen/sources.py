"""What the folders that images are built from say themselves: their `.dockerignore`."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from pathlib import Path

from cloudgen.errors import CloudgenError
from cloudgen.spec.containers import Container

IGNORE_FILE = ".dockerignore"
MOST = 1024 * 1024
"""Bytes of such a file that are read; more is a mistake."""


def left_out(folder: Path, containers: Mapping[str, Container]) -> dict[str, tuple[str, ...]]:
    """Return the patterns of each context that has some, by its path relative to the spec.

    Raises `CloudgenError` where the file is there and cannot be read as text.
    """
    found = {}
    for container in containers.values():
        build = container.build_or_default
        if container.built and build is not None:
            context = posixpath.normpath(build.context)
            if context not in found and (patterns := _patterns(folder / context / IGNORE_FILE)):
                found[context] = patterns
    return found


def _patterns(path: Path) -> tuple[str, ...]:
    """Return the patterns of a file, without comments: https://docs.docker.com/build/concepts/context/#dockerignore-files."""
    if not path.is_file():
        return ()
    try:
        with path.open("rb") as file:
            content = file.read(MOST + 1)
        if len(content) > MOST:
            raise CloudgenError(f"{path} is larger than 1 MiB, so it is no list of patterns")
        text = content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CloudgenError(f"{path} cannot be read as UTF-8 text, and Docker would not take it either") from error
    lines = (line.strip() for line in text.splitlines())
    patterns = tuple(line for line in lines if line and not line.startswith("#"))
    if unfit := next((line for line in patterns if not line.isprintable()), None):
        raise CloudgenError(f"{path} has a pattern with a control character: {ascii(unfit)[:60]}")
    return patterns
