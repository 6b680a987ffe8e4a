"""The same spec gives the same bytes and the same words, wherever and however cloudgen is run."""

from __future__ import annotations

import hashlib
import itertools
import os
import random
import shutil
import subprocess
import tempfile
from pathlib import Path

from rig.trust.outcome import Outcome
from rig.trust.project import COMMAND

REFERENCE = Path(__file__).parents[2] / "golden/reference/cloudgen.yaml"
_SEEDS = ("0", "1", "77", "4294967295", "random", "12345", "2")
_LOCALES = ("C", "C.UTF-8", "tr_TR.UTF-8")
_ZONES = ("UTC", "Pacific/Kiritimati", "America/St_Johns")
_FOLDERS = ("plain", "with space", "é-ünïcode", "-dash")
_MASKS = (0o022, 0o077)


def run(cases: int, seed: int) -> Outcome:
    """Run so many combinations of hash seed, locale, zone, folder and umask, in an order drawn by chance."""
    outcome = Outcome("one hash over seeds, locales, zones, folders, umask")
    matrix = list(itertools.product(_SEEDS, _LOCALES, _ZONES, _FOLDERS, _MASKS))
    random.Random(seed).shuffle(matrix)
    hashes: dict[str, tuple[object, ...]] = {}
    for combination in matrix[:cases]:
        outcome.cases += 1
        hashes.setdefault(_hash(*combination), combination)
    if len(hashes) > 1:
        outcome.faults.append(f"{len(hashes)} hashes: {hashes}")
    outcome.figures = {"combinations": len(matrix), "hash": next(iter(hashes))[:16] if hashes else ""}
    return outcome


def _hash(seed: str, locale: str, zone: str, name: str, mask: int) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale, "LANG": locale, "TZ": zone}
    made = hashlib.sha256()
    with tempfile.TemporaryDirectory() as base:
        folder = Path(base, name)
        folder.mkdir()
        shutil.copy(REFERENCE, folder / "cloudgen.yaml")
        for arguments in (["render", "--target", "all"], ["explain", "--json"], ["validate", "--format", "json"]):
            done = subprocess.run(
                [*COMMAND, *arguments], cwd=folder, env=environment, umask=mask, capture_output=True, check=False
            )
            made.update(b"%d" % done.returncode + done.stdout + done.stderr)
        for path in sorted(path for path in (folder / "deploy").rglob("*") if path.is_file()):
            made.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return made.hexdigest()
