"""Each deliberate defect of the second spec is caught by the row of its edit, which has nothing to say without it.

`make updates` injects them, and `make test` does not (`whole`): it only looks whether each has its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from rig.figures import Figures
from rig.tools.toolbox import Require
from rig.updates.edit import EDITS, base
from rig.updates.expectation import Expectation
from rig.updates.imagined import Imagined
from rig.updates.lives import play
from rig.updates.mutation import EditMutation
from rig.updates.mutations import MUTATIONS
from rig.updates.rendering import render_over

pytestmark = pytest.mark.terraform

SECTION = "Deliberate defects of the second spec"
LEAST = 25
ROWS = {edit.id: edit for edit in EDITS}


@pytest.fixture(scope="module")
def applied(require: Require, tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """Return `applied(cloud, spec) -> Imagined`, each made once, with what was kept of it."""
    require("terraform")
    with ExitStack() as stack:

        @cache
        def world(cloud: str, spec: str) -> tuple[Imagined, Path]:
            made = stack.enter_context(Imagined.opened(tmp_path_factory.mktemp("mutated"), cloud))
            made.play(base(spec))
            return made, made.keep()

        yield world


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: f"{one.cloud}-{one.name}")
@pytest.mark.whole
def test_the_row_of_its_edit_catches_it(mutation: EditMutation, applied: object, figures: Figures) -> None:
    edit = ROWS[mutation.edit]
    expected = Expectation.read(edit.sentences[mutation.cloud, "there"])
    if expected.broken is not None:
        figures.count(SECTION, prepared=1)
        pytest.skip(f"prepared: the row {edit.id} is broken today by {expected.finding}")
    world, kept = applied(mutation.cloud, edit.spec)  # type: ignore[operator]
    try:
        world.back_to(None if mutation.both else kept)
        world.defect = mutation.put_into
        if mutation.both:
            world.play(edit.before)
        verdict = play(world, edit.after, expected, edit.options)
    finally:
        world.defect = None
    said = "\n".join(verdict.wrong)
    assert mutation.says in said, f"the row must say {mutation.says!r}, but says {said or 'nothing'}"
    figures.count(SECTION, injected=1, caught=1)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: f"{one.cloud}-{one.name}")
def test_every_defect_has_its_place(mutation: EditMutation, tmp_path: Path) -> None:
    edit, tree = ROWS[mutation.edit], tmp_path / mutation.cloud
    render_over(edit.before, tree, mutation.cloud)
    before = mutation.has_place(tree)
    render_over(edit.after, tree, mutation.cloud, edit.options)
    assert mutation.has_place(tree) or (mutation.both and before)


def test_the_list_is_long_and_fair() -> None:
    assert len(MUTATIONS) >= LEAST
    assert len({(one.cloud, one.name) for one in MUTATIONS}) == len(MUTATIONS)
    for cloud in ("aws", "gcp"):
        assert sum(one.cloud == cloud for one in MUTATIONS) >= LEAST // 3
