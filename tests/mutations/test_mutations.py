"""Each mutation is caught by the check that the list names, which has nothing to say without the mutation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from rig.figures import Figures
from rig.mutations.checks import TOOLS
from rig.mutations.mutation import Check, Mutation
from rig.mutations.mutations import MUTATIONS
from rig.mutations.run import Run
from rig.mutations.trees import has_place
from rig.standin.lives import Lives
from rig.tools.toolbox import MissingToolError, Require, Toolbox
from rig.updates.mutations import MUTATIONS as EDIT_MUTATIONS

SECTION = "Mutations"
LEAST = 150
"""Fewer would show that the list has lost some."""

FEW = 6
"""How many mutations of a check and a target are injected in every run: each takes seconds of a processor."""

MARKS = {"terraform": "terraform", "aws-provider": "provider", "checkov": "checkov"}


def often() -> Iterator[str]:
    """Yield the ids of those that every run injects: of each check on each target a few, from its first to its last."""
    alike: dict[tuple[str, Check], list[str]] = {}
    for one in MUTATIONS:
        alike.setdefault((one.target, one.caught_by), []).append(one.id)
    for ids in alike.values():
        yield from {ids[number * (len(ids) - 1) // (FEW - 1)] for number in range(FEW)}


def marked(mutation: Mutation) -> ParameterSet:
    """Return a mutation as a parameter, with the marks of the tools that it needs; `make whole` injects the rest."""
    marks = [getattr(pytest.mark, MARKS[tool]) for tool in TOOLS[mutation.caught_by] if tool in MARKS]
    if mutation.id not in OFTEN:
        marks.append(pytest.mark.whole)
    return pytest.param(mutation, id=mutation.id, marks=marks)


OFTEN = frozenset(often())


@pytest.fixture(scope="module")
def run(request: pytest.FixtureRequest, toolbox: Toolbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """The checks of the mutations that the selected tests look at, all begun at once."""
    items = [item for item in request.session.items if isinstance(item, pytest.Function)]
    chosen = {item.callspec.id for item in items if "run" in item.fixturenames}
    wanted = [mutation for mutation in MUTATIONS if mutation.id in chosen]
    tools: dict[str, Path] = {}
    for name in {tool for mutation in wanted for tool in TOOLS[mutation.caught_by]}:
        try:
            tools[name] = toolbox.find(name)
        except MissingToolError:
            # The tests that need it say so.
            continue
    running = Run(
        tmp_path_factory.mktemp("mutations"),
        tools,
        request.getfixturevalue("lives") if "terraform" in tools else Lives(),
        wanted,
    )
    yield running
    running.close()


@pytest.fixture(scope="module")
def caught(figures: Figures) -> Iterator[Counter[Check]]:
    """How many mutations each check has caught."""
    counts: Counter[Check] = Counter()
    yield counts
    figures.tell(SECTION, "caught by: " + ", ".join(f"{check} {number}" for check, number in counts.most_common()))


@pytest.mark.parametrize("mutation", [marked(mutation) for mutation in MUTATIONS])
def test_mutation_is_caught(
    mutation: Mutation, require: Require, run: Run, figures: Figures, caught: Counter[Check]
) -> None:
    for tool in TOOLS[mutation.caught_by]:
        require(tool)
    figures.count(SECTION, injected=1)
    outcome = run.outcome(mutation)
    assert not outcome.before, "the check must have nothing to say of the tree as it is"
    assert mutation.is_said_in(outcome.after), (
        f"{mutation.caught_by} must say {mutation.says!r}, but says {outcome.after}"
    )
    figures.count(SECTION, caught=1)
    caught[mutation.caught_by] += 1


def test_each_has_its_place() -> None:
    """A template that has changed takes its mutations along, those too that only `make whole` injects."""
    assert not [mutation.id for mutation in MUTATIONS if not has_place(mutation)]


def test_both_clouds_and_every_check_have_mutations_and_none_twice() -> None:
    """Both clouds get the same care, every check catches something, and no mutation stands there twice."""
    assert len(MUTATIONS) >= LEAST
    assert len({mutation.id for mutation in MUTATIONS}) == len(MUTATIONS)
    assert len({(mutation.place, mutation.old, mutation.new) for mutation in MUTATIONS}) == len(MUTATIONS)
    assert {mutation.caught_by for mutation in MUTATIONS} == set(Check)
    targets = Counter([*(one.target for one in MUTATIONS), *(one.cloud for one in EDIT_MUTATIONS)])
    assert min(targets["aws"], targets["gcp"]) > 0.75 * max(targets["aws"], targets["gcp"])
    assert targets["docker"] >= 5
