"""Every golden tree and every example lives a whole life on the stand-in providers."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

import pytest

from cloudgen.pipeline import read_spec
from rig.facts import broken
from rig.figures import Figures
from rig.standin.life import CLOUDS, Life
from rig.standin.lives import Lives, play
from rig.standin.trees import MAJORS, SECRET, golden_trees
from rig.trees.cover import fewest
from rig.trees.examples import EXAMPLES
from rig.trees.golden import golden_cases
from rig.trees.render import render

pytestmark = pytest.mark.terraform

SECTIONS = {
    "aws": "Terraform, aws (stand-in, schema 6)",
    "gcp": "Terraform, gcp (stand-in, schemas 7 and 8)",
}


def _marks(cloud: str, case: str, major: str) -> Collection[pytest.MarkDecorator]:
    """On an older schema only what has every type of resource lives often."""
    often = major == MAJORS[cloud][0] or case in fewest(golden_trees(cloud))
    return () if often else (pytest.mark.whole,)


LIVES = [
    pytest.param(cloud, case, major, id=f"{cloud}-{case}-{major}", marks=_marks(cloud, case, major))
    for cloud, majors in MAJORS.items()
    for major in majors
    for case in golden_trees(cloud)
]


@pytest.mark.parametrize("cloud", MAJORS)
def test_every_golden_case_is_played(cloud: str) -> None:
    assert set(golden_trees(cloud)) == {case.name for case in golden_cases(cloud)}
    assert len(golden_trees(cloud)) >= 9


@pytest.mark.parametrize(("cloud", "case", "major"), LIVES)
def test_it_lives_and_dies(cloud: str, case: str, major: str, lives: Lives, figures: Figures) -> None:
    seen = lives.of(cloud, case, major)
    tree = golden_trees(cloud)[case]
    assert set(seen.plans) == {"."} | {path.name for path in tree.iterdir() if any(path.glob("*.tf"))}
    assert seen.again == sum(seen.resources.values()) > 20
    provider = next(name for name in CLOUDS if f"hashicorp/{name}" in "".join(seen.providers))
    assert seen.providers[f"registry.terraform.io/hashicorp/{provider}"].startswith(f"{major}.")
    # The second plan holds the state that the first apply left.
    assert SECRET not in json.dumps(seen.plans)
    count(figures, cloud, seen)


@pytest.mark.parametrize("cloud", MAJORS)
@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_live_and_die(cloud: str, example: str, tmp_path: Path, lives: Lives, figures: Figures) -> None:
    render(EXAMPLES[example], cloud, tmp_path / cloud)
    seen = play(EXAMPLES[example], tmp_path / cloud, MAJORS[cloud][0])
    assert broken(cloud, read_spec(str(EXAMPLES[example])).deployment, seen.plans) == {}
    count(figures, cloud, seen)


def count(figures: Figures, cloud: str, seen: Life) -> None:
    """Write down what was seen."""
    figures.count(
        SECTIONS[cloud],
        **{
            "specs applied": 1,
            "resources applied": sum(seen.resources.values()),
            "second plans empty": len(seen.plans),
            "applied again": 1,
        },
    )
