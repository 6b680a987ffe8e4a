"""Each deliberate defect is caught by the check that the list names, which has nothing to say without the defect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from conftest import Require
from rig.figures import Figures
from rig.mutations.checks import TOOLS
from rig.mutations.mutation import Check, Mutation
from rig.mutations.mutations import MUTATIONS
from rig.mutations.run import Run
from rig.standin.lives import Lives
from rig.tools.toolbox import MissingToolError, Toolbox

SECTION = "Deliberate defects"
LEAST = 150
"""Fewer would show that the list has lost some."""

MARKS = {"terraform": "terraform", "aws-provider": "provider", "checkov": "checkov"}


def marked(defect: Mutation) -> ParameterSet:
    """Return a defect as a parameter, with the marks of the tools that it needs."""
    marks = [getattr(pytest.mark, MARKS[tool]) for tool in TOOLS[defect.caught_by] if tool in MARKS]
    return pytest.param(defect, id=defect.id, marks=marks)


@pytest.fixture(scope="module")
def run(request: pytest.FixtureRequest, toolbox: Toolbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """The checks of the defects that the selected tests look at, all begun at once."""
    items = [item for item in request.session.items if isinstance(item, pytest.Function)]
    chosen = {item.callspec.id for item in items if "run" in item.fixturenames}
    wanted = [defect for defect in MUTATIONS if defect.id in chosen]
    tools: dict[str, Path] = {}
    for name in {tool for defect in wanted for tool in TOOLS[defect.caught_by]}:
        try:
            tools[name] = toolbox.find(name)
        except MissingToolError:
            # The tests that need it say so.
            continue
    running = Run(
        tmp_path_factory.mktemp("defects"),
        tools,
        request.getfixturevalue("lives") if "terraform" in tools else Lives(),
        wanted,
    )
    yield running
    running.close()


@pytest.fixture(scope="module")
def caught(figures: Figures) -> Iterator[Counter[Check]]:
    """How many defects each check has caught."""
    counts: Counter[Check] = Counter()
    yield counts
    figures.tell(SECTION, "caught by: " + ", ".join(f"{check} {number}" for check, number in counts.most_common()))


@pytest.mark.parametrize("defect", [marked(defect) for defect in MUTATIONS])
def test_defect_is_caught(
    defect: Mutation, require: Require, run: Run, figures: Figures, caught: Counter[Check]
) -> None:
    for tool in TOOLS[defect.caught_by]:
        require(tool)
    figures.count(SECTION, injected=1)
    outcome = run.outcome(defect)
    assert not outcome.before, "the check must have nothing to say of the tree as it is"
    assert defect.is_said_in(outcome.after), f"{defect.caught_by} must say {defect.says!r}, but says {outcome.after}"
    figures.count(SECTION, caught=1)
    caught[defect.caught_by] += 1


def test_the_list_is_long_and_fair() -> None:
    """Both clouds get the same care, every check catches something, and no defect stands there twice."""
    assert len(MUTATIONS) >= LEAST
    assert len({defect.id for defect in MUTATIONS}) == len(MUTATIONS)
    assert len({(defect.place, defect.old, defect.new) for defect in MUTATIONS}) == len(MUTATIONS)
    assert {defect.caught_by for defect in MUTATIONS} == set(Check)
    targets = Counter(defect.target for defect in MUTATIONS)
    assert min(targets["aws"], targets["gcp"]) > 0.75 * max(targets["aws"], targets["gcp"])
    assert targets["docker"] >= 5
