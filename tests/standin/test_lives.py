"""A golden tree lives once in a test run: every test gets the same report, or the same error."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from rig.standin.life import Life
from rig.standin.lives import Lives
from rig.standin.trees import golden_trees, variables_for
from rig.standin.workspace import TerraformError


def test_each_life_is_lived_once() -> None:
    played: list[tuple[Path, str]] = []

    def play(tree: Path, major: str) -> Life:
        played.append((tree, major))
        return Life({}, Counter(), {})

    lives = Lives(play)
    lives.begin("gcp", "mysql", "7")
    first = lives.of("gcp", "mysql", "7")
    assert lives.of("gcp", "mysql", "7") is first
    assert lives.of("gcp", "mysql") is not first
    assert played == [(golden_trees("gcp")["mysql"], "7"), (golden_trees("gcp")["mysql"], "8")]


def test_a_failure_is_told_to_everybody() -> None:
    played: list[Path] = []

    def play(tree: Path, major: str) -> Life:
        played.append(tree)
        raise TerraformError("apply", "no")

    lives = Lives(play)
    for _ in range(2):
        with pytest.raises(TerraformError, match="no"):
            lives.of("aws", "mysql")
    assert len(played) == 1


def test_a_case_that_is_not_there() -> None:
    with pytest.raises(KeyError, match="gcp-uptime"):
        Lives().of("aws", "gcp-uptime")


@pytest.mark.parametrize(("cloud", "host"), [("aws", ".amazonaws.com/"), ("gcp", "-docker.pkg.dev/")])
def test_variables_of_a_tree(cloud: str, host: str) -> None:
    """An image for each build, which containers share, a value for each secret, nothing for what has a default."""
    variables = variables_for(golden_trees(cloud)["reference"])
    assert set(variables["images"]) == {"web"}
    assert all(host in image for image in variables["images"].values())
    assert set(variables["secret_values"]) == {"stripe-key"}
