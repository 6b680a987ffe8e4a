"""Edits on the real hashicorp/aws and an emulated AWS, chained in few lives.

The lives take many minutes each, so that `make updates` plays them, and `make test` does not (`whole`).
"""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from rig.figures import Figures
from rig.updates.edit import EDITS
from rig.updates.emulated import CHAINS, Chain
from rig.updates.expectation import Expectation

pytestmark = [pytest.mark.terraform, pytest.mark.provider, pytest.mark.emulator]

SECTION = "Edits, on the real aws provider (emulator)"
LEAST = 20


@pytest.mark.whole
@pytest.mark.parametrize("chain", CHAINS)
def test_each_edit_of_a_chain_does_what_its_row_says(
    chain: str, chains: dict[str, Future[Chain]], figures: Figures
) -> None:
    seen = chains[chain].result()
    assert set(seen.wrong) == {*CHAINS[chain], "all taken back"}
    wrong = {name: sentences for name, sentences in seen.wrong.items() if sentences}
    assert not wrong, "\n".join(f"{name}: {sentence}" for name, found in wrong.items() for sentence in found)
    for outcome in seen.outcomes.values():
        figures.count(SECTION, **{"played": 1, "replaced with reason" if outcome.replaced else "in place": 1})


@pytest.mark.whole
@pytest.mark.parametrize("chain", CHAINS)
def test_everything_is_destroyed_after_the_edits(chain: str, chains: dict[str, Future[Chain]]) -> None:
    assert chains[chain].result().left == []


@pytest.mark.whole
@pytest.mark.parametrize("chain", CHAINS)
def test_amazons_own_models_allow_every_request(chain: str, chains: dict[str, Future[Chain]], figures: Figures) -> None:
    seen = chains[chain].result()
    assert seen.requests > 500
    assert seen.refused == []
    figures.count("Requests held against Amazon's models", **{"requests of edits": seen.requests, "violations": 0})


def test_the_chains_are_long_and_of_edits_that_pass() -> None:
    rows = {edit.id: edit for edit in EDITS}
    chosen = [name for names in CHAINS.values() for name in names]
    assert len(chosen) >= LEAST
    for spec, names in CHAINS.items():
        for name in names:
            assert rows[name].spec == spec
            assert Expectation.read(rows[name].sentences["aws", "there"]).broken is None, name
