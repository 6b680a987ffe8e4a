"""Every fact holds in every golden tree on every cloud; the table is whole."""

from __future__ import annotations

import inspect
from functools import cache

import pytest

from cloudgen.pipeline import read_spec
from cloudgen.spec.deployment import Deployment
from rig.facts import CLOUDS, FACTS, facts_of, look
from rig.facts.table import ROOMS, room
from rig.figures import Figures
from rig.standin.lives import Lives
from rig.trees.golden import golden_cases

CASES = [(cloud, case.name) for cloud in CLOUDS for case in golden_cases(cloud)]


@cache
def deployment(case: str) -> Deployment:
    """Return the deployment of a golden case."""
    return read_spec(str(next(one.spec for one in golden_cases() if one.name == case))).deployment


@pytest.mark.terraform
@pytest.mark.parametrize(("cloud", "case"), CASES)
def test_facts_hold(cloud: str, case: str, lives: Lives, figures: Figures) -> None:
    plans = lives.of(cloud, case).plans
    found = {fact.name: look(fact, cloud, deployment(case), plans) for fact in facts_of(cloud)}
    assert not {name: looked.wrong for name, looked in found.items() if looked.wrong}
    figures.count(
        "Facts over plans",
        plans=1,
        facts=sum(1 for looked in found.values() if looked.subjects),
        **{"things looked at": sum(looked.subjects for looked in found.values())},
    )


def test_every_fact_is_shown_on_every_cloud() -> None:
    for cloud in CLOUDS:
        for name in ROOMS:
            module = room(cloud, name)
            shown = {
                key
                for key, function in inspect.getmembers(module, inspect.isfunction)
                if function.__module__ == module.__name__ and "Iterator[Seen]" in str(function.__annotations__)
            }
            assert shown == {fact.name for fact in facts_of(cloud) if fact.room == name}, module.__name__


def test_facts_have_names_of_their_own() -> None:
    assert len({fact.name for fact in FACTS}) == len(FACTS) >= 30
