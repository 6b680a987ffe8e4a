"""Every edit of the table, on every cloud, there and back: what happens is what its row says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from rig.figures import Figures
from rig.tools.toolbox import Require
from rig.updates.edit import EDITS, Edit
from rig.updates.expectation import Expectation
from rig.updates.lives import Lives, Verdict
from rig.updates.recorded import actions, differences, read

pytestmark = pytest.mark.terraform

SECTION = "Edits, on the stand-ins"
RECORDED = {"gcp": read("google")}
"""What the real providers plan for the edits, by cloud."""
MIRRORED = [pytest.mark.whole]
"""A way back of which the row says just what it says of the way there."""
WAYS = [
    pytest.param(
        edit, cloud, way, id=f"{edit.id}-{cloud}-{way}", marks=MIRRORED if edit.is_mirrored(cloud, way) else ()
    )
    for edit in EDITS
    for cloud, way in edit.sentences
]


@pytest.fixture(scope="module")
def edits(request: pytest.FixtureRequest, require: Require) -> Iterator[Lives]:
    """The lives of the edits that the selected tests look at, all begun at once."""
    require("terraform")
    items = [
        item for item in request.session.items if isinstance(item, pytest.Function) and "edits" in item.fixturenames
    ]
    chosen = [item.callspec.params for item in items]
    wanted = {(str(getattr(one["edit"], "id", "")), str(one["cloud"])) for one in chosen}
    back = {(edit, cloud) for edit, cloud in wanted if any(_is_back(one, edit, cloud) for one in chosen)}
    found = Lives([(edit, cloud) for edit in EDITS for cloud in edit.clouds if (edit.id, cloud) in wanted], back=back)
    yield found
    found.close()


def _is_back(one: Mapping[str, object], edit: str, cloud: str) -> bool:
    return (getattr(one["edit"], "id", ""), one["cloud"], one["way"]) == (edit, cloud, "back")


@pytest.mark.parametrize(("edit", "cloud", "way"), WAYS)
def test_edit_does_what_its_row_says(edit: Edit, cloud: str, way: str, edits: Lives, figures: Figures) -> None:
    expected = Expectation.read(edit.sentences[cloud, way])
    verdict = edits.of(edit.id, cloud, way)
    said = "\n".join(verdict.wrong)
    if expected.broken is None:
        assert not verdict.wrong, said
        figures.count(SECTION, **counted(cloud, verdict))
        if verdict.outcome is not None and (seen := RECORDED.get(cloud, {}).get(f"{edit.id} {way}")) is not None:
            found = list(differences(actions(verdict.outcome), seen))
            assert not found, "the real provider plans it otherwise:\n" + "\n".join(found)
            figures.count(SECTION, **{f"{cloud} planned as by the real provider": 1})
        return
    assert verdict.wrong, f"{expected.finding} is mended: take the row's mark away"
    assert expected.broken in said, f"it fails with something else than {expected.broken!r}:\n{said}"
    figures.count(SECTION, **{"played": 1, f"{cloud} broken": 1})
    figures.tell(SECTION, f"broken: {edit.id}, {cloud}, {way}: {expected.finding}: {expected.broken}")


def counted(cloud: str, verdict: Verdict) -> dict[str, int]:
    """Return under which figures a verdict counts."""
    if verdict.outcome is None:
        return {"played": 1, f"{cloud} refused": 1}
    how = "replaced with reason" if verdict.outcome.replaced else "in place" if verdict.outcome else "nothing to do"
    return {"played": 1, f"{cloud} {how}": 1}
