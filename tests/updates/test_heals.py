"""What a cloud left half made gets well with the next run of the deployment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from rig.figures import Figures
from rig.tools.toolbox import Require
from rig.updates.edit import CLOUDS, base
from rig.updates.healing import BROKEN, Broken, heal
from rig.updates.imagined import Imagined
from rig.updates.outcome import type_of

pytestmark = pytest.mark.terraform

SECTION = "Half made, and healed by the next run"


@pytest.fixture(scope="module")
def applied(require: Require, tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """Return `applied(cloud, spec) -> Imagined`, each made once, with what was kept of it."""
    require("terraform")
    with ExitStack() as stack:

        @cache
        def world(cloud: str, spec: str) -> tuple[Imagined, Path]:
            made = stack.enter_context(Imagined.opened(tmp_path_factory.mktemp("heals"), cloud))
            made.play(base(spec))
            return made, made.keep()

        yield world


@pytest.mark.parametrize(
    "broken", BROKEN, ids=lambda one: f"{one.cloud}-{one.spec}-{one.address}{'-forgotten' * one.forgotten}"
)
def test_the_next_run_heals_it(broken: Broken, applied: object, figures: Figures) -> None:
    world, kept = applied(broken.cloud, broken.spec)  # type: ignore[operator]
    world.back_to(kept)
    wrong = "\n".join(heal(world, broken))
    if not broken.fails:
        assert not wrong
        figures.count(SECTION, **{f"{broken.cloud} healed": 1})
        return
    finding, _, said = broken.fails.partition(": ")
    assert wrong, f"{finding} is mended: take the mark away"
    assert said in wrong
    figures.count(SECTION, **{f"{broken.cloud} broken": 1})
    figures.tell(SECTION, f"broken: {broken.address} of {broken.spec}: {broken.fails}")


def test_both_clouds_have_what_serves_and_what_holds_data() -> None:
    for cloud in CLOUDS:
        assert len({type_of(one.address) for one in BROKEN if one.cloud == cloud}) >= 5
