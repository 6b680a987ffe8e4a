"""A small project with a spec that changes, and cloudgen run in it as users run it, or within this process."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path

from cloudgen import cli

SPECS = (
    "version: 1\nname: shop\nenvironment: development\ncontainers: {web: {port: 8000}, job: {image: 'busybox:1'}}\n",
    "version: 1\nname: shop\nenvironment: development\ncontainers: {web: {port: 9000}, api: {port: 8001}}\n"
    "load_balancer: {routes: [{path: /, container: web}, {path: /api, container: api}]}\n",
    "version: 1\nname: shop\nenvironment: development\ncontainers: {web: {image: 'nginx:1', port: 80}}\n",
)
COMMAND = [sys.executable, "-m", "cloudgen"]


def written(folder: Path, spec: int) -> Path:
    """Write one of the specs into a folder, and return its path."""
    place = folder / "cloudgen.yaml"
    place.write_text(SPECS[spec])
    return place


def render(folder: Path, *more: str) -> tuple[int, str]:
    """Render for Docker within this process, and return the exit code with all that was printed."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        code = cli.run(["render", str(folder / "cloudgen.yaml"), "--target", "docker", *more])
    return code, out.getvalue()


def tree(folder: Path) -> dict[str, tuple[str, bytes]]:
    """Everything below a folder, by path: its kind and its content, without following a link."""
    found: dict[str, tuple[str, bytes]] = {}
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(place, name)
            key = path.relative_to(folder).as_posix()
            if path.is_symlink():
                found[key] = ("link", os.fsencode(path.readlink()))
            elif path.is_file():
                found[key] = ("file", path.read_bytes() if path.stat().st_size < 1_000_000 else b"")
            else:
                found[key] = ("folder" if path.is_dir() else "special", b"")
    return found
