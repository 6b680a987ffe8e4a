"""Stand-ins that keep running for many commands of Terraform: starting them for each took most of a life's time."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from rig.standin.workspace import TESTS, Setup


@contextmanager
def serving(setup: Setup) -> Iterator[Setup]:
    """Start the setup's providers, and yield the setup with which Terraform finds them; end them at the end."""
    # A folder with a short name: a socket's path has at most 107 characters.
    with tempfile.TemporaryDirectory(prefix="standin-") as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "rig.standin.server", "--keep", folder, *map(str, setup.schemas)],
            env=setup.environment() | {"PYTHONPATH": str(TESTS), "PYTHONDONTWRITEBYTECODE": ""},
            cwd=Path(folder),
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                raise RuntimeError("the stand-in providers do not start; what they said is on standard error")
            yield replace(setup, reattach=line.strip())
        finally:
            process.kill()
            process.wait()
