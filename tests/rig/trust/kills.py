"""The writer killed or failing at each of its system calls: no file is mixed, and the next run repairs."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from rig.trust.outcome import Outcome
from rig.trust.project import COMMAND, tree, written

_CALLS = (
    "write",
    "fsync",
    "rename",
    "renameat",
    "renameat2",
    "unlinkat",
    "unlink",
    "mkdirat",
    "mkdir",
    "flock",
    "rmdir",
)
_SET = ",".join(f"?{name}" for name in _CALLS)
_TEMPORARY = re.compile(r"(?:^|/)\.cloudgen[^/]*$")


def run(cases: int, seed: int, strace: str = "strace") -> Outcome:
    """Try so many pairs of a call of an update and what happens at it, in an order drawn by chance."""
    outcome = Outcome("killed or failing at a system call")
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        old, new = _rendered(base / "old", 0), _rendered(base / "new", 1)
        calls = _calls(base, strace)
        pairs = [(*call, what) for call in calls for what in ("signal=KILL", "error=EIO", "error=ENOSPC")]
        random.Random(seed).shuffle(pairs)
        for name, number, what in pairs[:cases]:
            outcome.cases += 1
            outcome.faults += [
                f"{name} {number} {what}: {fault}" for fault in _case(base, strace, name, number, what, old, new)
            ]
        outcome.figures = {"calls of an update": len(calls)}
    return outcome


def _rendered(folder: Path, spec: int) -> dict[str, bytes]:
    folder.mkdir()
    written(folder, spec)
    subprocess.run(_command(), cwd=folder, check=True, capture_output=True)
    return _files(folder)


def _command() -> list[str]:
    return [*COMMAND, "render", "cloudgen.yaml", "--target", "docker"]


def _files(folder: Path) -> dict[str, bytes]:
    found = tree(folder / "deploy")
    return {path: text for path, (kind, text) in found.items() if kind == "file" and not _TEMPORARY.search(path)}


def _copy(base: Path) -> Path:
    run = base / "run"
    shutil.rmtree(run, ignore_errors=True)
    shutil.copytree(base / "old", run)
    written(run, 1)
    return run


def _calls(base: Path, strace: str) -> list[tuple[str, int]]:
    """The calls that an update makes on files, each with its number among the calls of its name."""
    folder = _copy(base)
    log = base / "calls"
    command = [strace, "-f", "-qq", "-o", str(log), "-e", f"trace={_SET}", *_command()]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    counts: dict[str, int] = {}
    found = []
    for line in log.read_text(errors="replace").splitlines():
        name = line.split(None, 1)[-1].partition("(")[0]
        if name in _CALLS:
            counts[name] = counts.get(name, 0) + 1
            found.append((name, counts[name]))
    return found


def _case(
    base: Path, strace: str, name: str, number: int, what: str, old: dict[str, bytes], new: dict[str, bytes]
) -> list[str]:
    folder = _copy(base)
    inject = ["-e", f"trace={name}", "-e", f"inject={name}:{what}:when={number}"]
    done = subprocess.run(
        [strace, "-f", "-qq", "-o", "/dev/null", *inject, *_command()],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    faults = [
        f"{path} is neither old nor new"
        for path, text in _files(folder).items()
        if text not in (old.get(path), new.get(path))
    ]
    if "internal error" in done.stderr or "Traceback" in done.stderr:
        faults.append(f"exit code {done.returncode}: {done.stderr[:100]}")
    again = subprocess.run(_command(), cwd=folder, capture_output=True, text=True, check=False)
    if again.returncode or _files(folder) != new:
        faults.append(f"the next run does not repair: {again.returncode}, {again.stderr[:100]}")
    left = [path for path in tree(folder / "deploy") if path.endswith(".tmp")]
    return [*faults, *(f"{path} is left" for path in left)]
