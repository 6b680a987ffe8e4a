"""Every fact can be broken, on every cloud: a defect of the plan that it is about is told."""

from __future__ import annotations

import pytest
from test_facts import deployment

from rig.facts import broken, facts_of
from rig.facts.changes import changed
from rig.facts.plan_defect import PlanDefect
from rig.facts.plan_defects import DEFECTS
from rig.standin.lives import Lives


@pytest.mark.terraform
@pytest.mark.parametrize(
    ("cloud", "defect"),
    [pytest.param(cloud, defect, id=f"{cloud}-{defect}") for cloud, defects in DEFECTS.items() for defect in defects],
)
def test_a_defect_breaks_its_fact(cloud: str, defect: PlanDefect, lives: Lives) -> None:
    plans = lives.of(cloud, defect.case).plans
    spoiled = changed(plans, defect.module, defect.address, defect.change)
    assert defect.fact in broken(cloud, deployment(defect.case), spoiled)


@pytest.mark.parametrize("cloud", DEFECTS)
def test_every_fact_has_a_defect(cloud: str) -> None:
    assert {defect.fact for defect in DEFECTS[cloud]} == {fact.name for fact in facts_of(cloud)}
