"""Examples and golden specs live on the real hashicorp/google, where this machine has it.

What they meet is a fake of Google's control plane (`rig.gcp`): so it is shown that the provider takes what is rendered,
that its requests fit Google's own descriptions, and that a second plan is empty; not that Google itself would agree.
"""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from rig.figures import Figures
from rig.gcp.life import Report
from rig.gcp.lives import OFTEN, SPECS

pytestmark = [pytest.mark.terraform, pytest.mark.provider, pytest.mark.emulator]

SECTION = "Terraform, gcp (real provider, fake of Google's control plane)"


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in OFTEN else pytest.mark.whole) for name in SPECS]
)
def test_a_whole_life_on_the_real_google_provider(
    name: str, google_lives: dict[str, Future[Report]], figures: Figures
) -> None:
    report = google_lives[name].result()
    (step,) = report.steps
    assert step.by_action() == {"create": step.resources}
    assert step.refused == []
    assert not step.second_plan, "\n".join(str(change) for change in step.second_plan)
    assert report.left == []
    figures.count(
        SECTION,
        **{
            "specs applied": 1,
            "resources applied": step.resources,
            "second plans empty": len(step.plans),
            "destroyed": 1,
            "requests checked": report.requests,
            "seconds": round(report.seconds),
        },
    )
