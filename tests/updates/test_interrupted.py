"""deploy.sh is interrupted at each of its steps, and run again: it ends well, and does what one run would have done."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rig.figures import Figures
from rig.updates.deploying import KILLED, WAYS, Place, tail
from rig.updates.edit import base
from rig.updates.rendering import render_over

SECTION = "Deployments interrupted and run again"


@pytest.fixture(scope="module", params=["aws", "gcp"])
def tree(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree with an audit trail, beside the images' files, in a folder that holds an application."""
    folder = tmp_path_factory.mktemp("application")
    spec = base("live") | {"monitoring": {"audit": True, "dashboard": False}}
    for target in (request.param, "docker"):
        render_over(spec, folder / "deploy" / target, target)
    (folder / "deploy" / "cloudgen.yaml").rename(folder / "cloudgen.yaml")
    return folder / "deploy" / str(request.param)


def place(tree: Path, folder: Path) -> Place:
    """Copy what a tree stands in, so that a run begins with nothing."""
    shutil.copytree(tree.parents[1], folder / "application")
    return Place.make(folder / "application" / "deploy" / tree.name, folder / "memory")


def images(where: Place) -> str:
    """Return which images a run deployed."""
    return (where.tree / "images.auto.tfvars.json").read_text(encoding="utf-8")


def test_every_interrupted_run_ends_well_the_next_time(tree: Path, tmp_path: Path, figures: Figures) -> None:
    whole = place(tree, tmp_path / "whole")
    done = whole.run()
    assert done.returncode == 0, tail(done)
    assert whole.applies() == ["bootstrap", "account", ""]
    calls = whole.calls
    assert len(calls) > 12
    for how in WAYS:
        for step, call in enumerate(calls):
            interrupted = place(tree, tmp_path / f"{how}-{step}")
            first = interrupted.run(call, calls[: step + 1].count(call), how)
            if how == "is killed":
                assert first.returncode == KILLED, (call, tail(first))
                # Both ends of a pipe run at once.
                assert abs(len(interrupted.calls) - step - 1) <= 1, call
            again = interrupted.run()
            assert again.returncode == 0, (call, tail(again))
            assert interrupted.applies() == whole.applies(), call
            assert images(interrupted) == images(whole), call
            left = [path.name for path in interrupted.tree.iterdir() if path.name.endswith(".new")]
            assert left == [], call
            figures.count(SECTION, **{f"{tree.name}, a step {how}": 1})
            shutil.rmtree(tmp_path / f"{how}-{step}")
