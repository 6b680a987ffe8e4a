"""The list of the emulator's gaps is short, and holds what is still a gap: moto itself is asked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rig.emulator.gaps import GAPS, TOLERATED
from rig.figures import Figures
from rig.tools.toolbox import Require

TESTS = Path(__file__).parents[1]
MOST = 24


def probes(*arguments: str) -> dict[str, bool]:
    """Ask moto in a process of its own, because a repair cannot be taken back."""
    run = subprocess.run(
        [sys.executable, "-m", "rig.emulator.probes", *arguments],
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
def test_each_gap_is_still_there(require: Require, figures: Figures) -> None:
    """Where this fails, moto has closed a gap: remove it from the list. Nobody asks moto where nothing is applied."""
    require("terraform")
    assert probes() == {gap.mend.__name__: False for gap in GAPS}
    figures.count("Emulator gaps", **{"entries": len(GAPS), "differences tolerated": len(TOLERATED)})
    for gap in GAPS:
        figures.tell("Emulator gaps", f"{gap.what}: {gap.why} ({gap.upstream})")


@pytest.mark.emulator
def test_each_repair_closes_its_gap(require: Require) -> None:
    require("terraform")
    assert probes("--mended") == {gap.mend.__name__: True for gap in GAPS}


def test_the_list_is_short() -> None:
    assert len(GAPS) <= MOST
    # Probes are found by the name of the repair, so two repairs of one name would be asked about one gap.
    assert len({gap.mend.__name__ for gap in GAPS}) == len(GAPS)


@pytest.mark.emulator
def test_requests_are_answered_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else one request changes what another one walks through, and now and then an apply fails."""
    server = pytest.importorskip("rig.emulator.server")
    busy, seen = 0, []

    def parse_request(*_: object) -> tuple[int, dict[str, str], str]:
        nonlocal busy
        busy += 1
        seen.append(busy)
        time.sleep(0.01)
        busy -= 1
        return 200, {}, ""

    monkeypatch.setattr(server.proxy3.MotoRequestHandler, "parse_request", parse_request)
    handler = server.Answering(0)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: handler.parse_request("GET", "example.com", "/", {}, b""), range(8)))
    assert [status for status, _, _ in answers] == [200] * 8
    assert seen == [1] * 8
