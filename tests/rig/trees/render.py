"""Rendering as a user does: by the command line, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml


def render(
    spec: Path, target: str, output: Path, *, command: Sequence[str] = (sys.executable, "-m", "cloudgen")
) -> str:
    """Render a spec for one target into a folder; return what was printed. Fails with the output when it cannot."""
    run = subprocess.run(
        [*command, "render", str(spec), "--target", target, "--output", str(output)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if run.returncode != 0:
        raise AssertionError(f"cloudgen render ended with {run.returncode}:\n{run.stdout}{run.stderr}")
    return run.stdout + run.stderr


def unprotected(spec: Path, copy: Path) -> Path:
    """Write a copy of a spec without deletion protection, as the output's README tells before `terraform destroy`."""
    data = yaml.safe_load(spec.read_text(encoding="utf-8"))
    security = data.get("security") or {}
    data["security"] = {**security, "deletion_protection": False}
    copy.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return copy
