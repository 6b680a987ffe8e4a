"""Several cloudgens in one folder at once: one writes, the others say so, and the tree is of one spec."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from rig.trust.outcome import Outcome
from rig.trust.project import COMMAND, SPECS, tree

_ALLOWED = ("another cloudgen is writing", "was changed while cloudgen ran", "was edited", "is not from cloudgen")


def run(cases: int, seed: int) -> Outcome:
    """Start five at once, four that render one of two specs and one that compares, so many times."""
    outcome = Outcome("five at once")
    done = busy = 0
    with tempfile.TemporaryDirectory() as base:
        folder = Path(base)
        wanted = [_rendered(folder, number) for number in (0, 1)]
        for _ in range(cases):
            outcome.cases += 1
            commands = [_command(number % 2) for number in range(4)] + [[*_command(0), "--check"]]
            running = [
                subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                for command in commands
            ]
            for process in running:
                said = process.communicate()[1]
                done += process.returncode == 0
                if process.returncode in (2, 3):
                    busy += 1
                    if not any(words in said for words in _ALLOWED):
                        outcome.faults.append(f"exit code {process.returncode}: {said[:100]}")
                elif process.returncode not in (0, 1):
                    outcome.faults.append(f"exit code {process.returncode}: {said[:100]}")
            if _files(folder) not in wanted:
                outcome.faults.append("the tree is of neither spec")
    outcome.figures = {"done": done, "told to wait": busy}
    return outcome


def _command(spec: int) -> list[str]:
    return [*COMMAND, "render", f"{spec}.yaml", "--target", "docker", "-o", "out"]


def _rendered(folder: Path, spec: int) -> dict[str, bytes]:
    (folder / f"{spec}.yaml").write_text(SPECS[spec])
    subprocess.run(_command(spec), cwd=folder, check=True, capture_output=True)
    return _files(folder)


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path: text for path, (kind, text) in tree(folder / "out").items() if kind == "file" and path != ".cloudgen.json"
    }
