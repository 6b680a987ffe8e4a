"""Virtual environments for what is measured: cloudgen from a wheel, and other generators, with what they need only."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
WORK = ROOT / "build" / "benchmarks"
PEERS = ("cookiecutter==2.7.1", "copier==9.19.1")


def clean_environment() -> dict[str, str]:
    """The variables of every measured process: bytecode is used, and hashing gives the same each time."""
    unwanted = {"PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "PYTHONPATH", "PYTHONPYCACHEPREFIX"}
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    return {**kept, "PYTHONHASHSEED": "0", "CHECKPOINT_DISABLE": "1"}


def _run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], check=True, cwd=ROOT, env=clean_environment())


def _environment(name: str) -> Path:
    folder = WORK / name
    if not (folder / "bin" / "python").exists():
        _run(sys.executable, "-m", "venv", folder)
    return folder / "bin"


def cloudgen() -> Path:
    """Build a wheel of this checkout and install it; return the folder of its programs."""
    programs = _environment("cloudgen")
    pip = (programs / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    _run(*pip, "--require-hashes", "--requirement", ROOT / "requirements" / "run.txt")
    wheels = WORK / "wheels"
    for old in wheels.glob("*.whl"):
        old.unlink()
    build = ("-m", "pip", "--disable-pip-version-check", "wheel", "--quiet", "--no-deps", "--no-build-isolation")
    _run(sys.executable, *build, "--wheel-dir", wheels, ROOT)
    _run(*pip, "--no-deps", "--force-reinstall", next(wheels.glob("*.whl")))
    return programs


def peers() -> Path:
    """Install the other generators; return the folder of their programs."""
    programs = _environment("peers")
    _run(programs / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet", *PEERS)
    return programs
