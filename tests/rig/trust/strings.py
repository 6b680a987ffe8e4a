"""Hostile texts as HCL literals through the real terraform: none is refused, none changes but for NFC."""

from __future__ import annotations

import json
import subprocess
import tempfile
import unicodedata
from itertools import islice
from pathlib import Path

from cloudgen.render import hcl
from rig.trust.outcome import Outcome
from rig.trust.payloads import texts

_BATCH = 5000


def run(cases: int, seed: int, terraform: str = "terraform") -> Outcome:
    """Write so many texts into outputs, format and apply them, and read them back."""
    outcome = Outcome("texts through terraform")
    # The loader refuses these characters, so they never reach the encoder.
    allowed = (text for text in texts(seed) if all(c.isprintable() or c in "\n\t" for c in text))
    for start in range(0, cases, _BATCH):
        batch = list(islice(allowed, min(_BATCH, cases - start)))
        outcome.cases += len(batch)
        outcome.faults += _batch(batch, terraform)
    return outcome


def _batch(batch: list[str], terraform: str) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        lines = "".join(f"    {hcl.encode(text)},\n" for text in batch)
        (Path(folder) / "main.tf").write_text(f'output "texts" {{\n  value = [\n{lines}  ]\n}}\n', "utf-8")
        for arguments in (["fmt", "-check"], ["init", "-no-color"], ["apply", "-auto-approve", "-no-color"]):
            done = subprocess.run([terraform, *arguments], cwd=folder, capture_output=True, text=True, check=False)
            if done.returncode:
                return [f"terraform {arguments[0]}: {(done.stderr or done.stdout)[:200]}"]
        shown = subprocess.run([terraform, "output", "-json"], cwd=folder, capture_output=True, text=True, check=True)
        read = json.loads(shown.stdout)["texts"]["value"]
    wanted = [unicodedata.normalize("NFC", text) for text in batch]
    return [f"{text!r} became {found!r}" for text, found in zip(wanted, read, strict=True) if text != found]
