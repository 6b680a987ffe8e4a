"""Every edit of the table on the real hashicorp/google and a fake of Google's control plane, there and back.

`make updates` plays them where this machine has the provider, and `make test` does not (`whole`). What the
provider plans is recorded, and the stand-in's plans are held against that in every run of `test_edits.py`.
"""

from __future__ import annotations

import pytest

from rig.figures import Figures
from rig.updates import recorded
from rig.updates.edit import EDITS, Edit
from rig.updates.lives import Lives

pytestmark = [pytest.mark.terraform, pytest.mark.provider, pytest.mark.emulator]

SECTION = "Edits, on the real google provider (fake of Google's control plane)"
PROVIDER = "google"
WAYS = [pytest.param(edit, way, id=f"{edit.id}-{way}") for edit in EDITS for way in edit.ways("gcp")]


@pytest.mark.whole
@pytest.mark.parametrize(("edit", "way"), WAYS)
def test_the_real_provider_does_what_the_row_says_and_what_the_standin_plans(
    edit: Edit, way: str, google_edits: Lives, figures: Figures, request: pytest.FixtureRequest
) -> None:
    verdict = google_edits.of(edit.id, "gcp", way)
    assert not verdict.wrong, "\n".join(verdict.wrong)
    if verdict.outcome is None:
        figures.count(SECTION, played=1, refused=1)
        return
    key, seen = f"{edit.id} {way}", recorded.actions(verdict.outcome)
    if request.config.getoption("--record-actions"):
        recorded.record(PROVIDER, {key: seen})
    table = recorded.read(PROVIDER)
    assert key in table, "not recorded yet: make updates ARGS=--record-actions"
    found = list(recorded.differences(seen, table[key]))
    assert not found, "\n".join(found)
    how = "replaced with reason" if verdict.outcome.replaced else "in place" if verdict.outcome else "nothing to do"
    figures.count(SECTION, **{"played": 1, how: 1, "planned as by the stand-in": 1})


def test_what_was_recorded_is_of_edits_that_there_are() -> None:
    known = {f"{edit.id} {way}" for edit in EDITS for way in edit.ways("gcp")}
    assert set(recorded.read(PROVIDER)) <= known


@pytest.mark.parametrize(
    ("seen", "table", "told"),
    [
        ({"a.b": "update"}, {"a.b": "update"}, []),
        ({"a.b": "update"}, {}, ["a.b: planned is update, recorded is nothing"]),
        ({}, {"a.b": "delete/create"}, ["a.b: planned is nothing, recorded is delete/create"]),
        (
            {"a.b": "create/delete"},
            {"a.b": "delete/create"},
            ["a.b: planned is create/delete, recorded is delete/create"],
        ),
    ],
)
def test_another_action_is_a_difference(seen: dict[str, str], table: dict[str, str], told: list[str]) -> None:
    assert list(recorded.differences(seen, table)) == told
