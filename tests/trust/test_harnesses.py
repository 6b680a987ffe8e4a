"""Each harness for a few cases; `make trust` runs them in full."""

from __future__ import annotations

import pytest

from cloudgen.output import writer
from rig.tools.toolbox import Require
from rig.trust import attacks, determinism, edits, fuzz, kills, races, strings, walk
from rig.trust.outcome import Outcome


def check(outcome: Outcome, cases: int) -> None:
    assert outcome.faults == []
    assert outcome.cases == cases


def test_every_field_with_hostile_texts() -> None:
    check(walk.run(30, 1), 30)


def test_fuzzed_specs() -> None:
    check(fuzz.run(150, 1), 150)


def test_texts_through_terraform(require: Require) -> None:
    check(strings.run(1000, 1, str(require("terraform"))), 1000)


def test_edit_sequences() -> None:
    check(edits.run(5, 1), 5)


def test_attacks_by_paths_and_links() -> None:
    outcome = attacks.run(1000, 1)
    check(outcome, 2 * len(list(attacks.attacks())))
    assert outcome.cases >= 160


def test_killed_or_failing_at_a_system_call(require: Require) -> None:
    check(kills.run(2, 1, str(require("strace"))), 2)


def test_five_at_once() -> None:
    check(races.run(1, 1), 1)


def test_one_hash() -> None:
    check(determinism.run(2, 1), 2)


def test_the_harness_of_attacks_sees_a_writer_that_trusts_its_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "carries_mark", lambda *_: True)
    assert any("file of the user" in fault for fault in attacks.run(1000, 1).faults)


def test_the_harness_of_fuzz_sees_what_takes_too_long() -> None:
    assert any("too long" in fault for fault in fuzz.run(5, 1, limit=0.0001).faults)
