"""The list of the emulator's gaps is short, and holds what is still a gap: moto itself is asked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.emulator.gaps import GAPS, TOLERATED
from support.figures import Figures

TESTS = Path(__file__).parents[1]
MOST = 12


def probes(*arguments: str) -> dict[str, bool]:
    """Ask moto in a process of its own, because a repair cannot be taken back."""
    run = subprocess.run(
        [sys.executable, "-m", "support.emulator.probes", *arguments],
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    found: dict[str, bool] = json.loads(run.stdout)
    return found


@pytest.mark.emulator
def test_each_gap_is_still_there(figures: Figures) -> None:
    """Where this fails, moto has closed a gap: remove it from the list."""
    assert probes() == {gap.mend.__name__: False for gap in GAPS}
    figures.count("Emulator gaps", **{"entries": len(GAPS), "differences tolerated": len(TOLERATED)})
    for gap in GAPS:
        figures.tell("Emulator gaps", f"{gap.what}: {gap.why} ({gap.upstream})")


@pytest.mark.emulator
def test_each_repair_closes_its_gap() -> None:
    assert probes("--mended") == {gap.mend.__name__: True for gap in GAPS}


def test_the_list_is_short() -> None:
    assert len(GAPS) <= MOST
    assert len({gap.mend for gap in GAPS}) == len(GAPS)
