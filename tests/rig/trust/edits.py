"""Any sequence of edits and renders: no edit is lost without --force, no stale file stays, --check is right."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from rig.trust.outcome import Outcome
from rig.trust.project import SPECS, render, tree, written

STEPS = 10


def run(cases: int, seed: int) -> Outcome:
    """Play so many sequences of ten steps."""
    outcome = Outcome("edit sequences")
    for number in range(cases):
        with tempfile.TemporaryDirectory() as folder:
            outcome.cases += 1
            outcome.faults += [f"{seed}/{number}: {fault}" for fault in _sequence(Path(folder), f"{seed}/{number}")]
    outcome.figures = {"steps": outcome.cases * STEPS}
    return outcome


def _sequence(folder: Path, seed: str) -> list[str]:
    chance = random.Random(seed)
    out = folder / "deploy/docker"
    faults: list[str] = []
    mine: dict[str, bytes] = {}
    written(folder, 0)
    for _ in range(STEPS):
        step = chance.randrange(7)
        files = (
            sorted(path for path in out.rglob("*") if path.is_file() and path.name != ".cloudgen.json")
            if out.exists()
            else []
        )
        if step == 0:
            written(folder, chance.randrange(len(SPECS)))
        elif step in (1, 2) and files:
            _edit(chance, chance.choice(files), out, mine)
        elif step == 3:
            own = out / chance.choice(("own.yaml", "compose.override.yaml", "sub/notes.md"))
            own.parent.mkdir(parents=True, exist_ok=True)
            own.write_bytes(b"mine\n")
            mine[own.relative_to(out).as_posix()] = b"mine\n"
        elif step == 4:
            faults += _looked(folder, out)
        else:
            faults += _rendered(folder, out, mine, force=step == 5 and chance.random() < 0.3)
    return faults


def _edit(chance: random.Random, path: Path, out: Path, mine: dict[str, bytes]) -> None:
    key = path.relative_to(out).as_posix()
    if chance.random() < 0.2:
        path.unlink()
        mine.pop(key, None)
        return
    path.write_bytes(chance.choice((b"", path.read_bytes() + b"# mine\n", b"mine\n")))
    mine[key] = path.read_bytes()


def _looked(folder: Path, out: Path) -> list[str]:
    """A command that only looks changes nothing."""
    before = tree(out)
    for flag in ("--check", "--diff", "--dry-run"):
        render(folder, flag)
    return [] if tree(out) == before else ["a command that looks has written"]


def _rendered(folder: Path, out: Path, mine: dict[str, bytes], *, force: bool) -> list[str]:
    before = tree(out)
    code, said = render(folder, *(["--force"] if force else []))
    after = tree(out)
    if code == 3:
        return [] if after == before and not force else ["refused, and something changed"]
    if code != 0:
        return [f"exit code {code}: {said[:80]}"]
    faults = [f"{path} was lost" for path, text in mine.items() if not force and after.get(path) != ("file", text)]
    if force:
        for path in list(mine):
            if after.get(path) != ("file", mine[path]):
                del mine[path]
        faults += [
            f"{path} was taken"
            for path in ("own.yaml", "compose.override.yaml")
            if path in before and path not in after
        ]
    if render(folder, "--check")[0] != 0:
        faults.append("--check after a render finds something")
    return faults
