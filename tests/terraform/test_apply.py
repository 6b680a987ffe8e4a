"""The example and some golden specs live a whole life on an emulated AWS, with the real Terraform and provider."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from support.cycle import Report
from terraform.conftest import CYCLES

pytestmark = [pytest.mark.terraform, pytest.mark.provider, pytest.mark.emulator]


@pytest.mark.parametrize("name", CYCLES)
def test_first_apply_works_and_a_second_plan_is_empty(name: str, cycles: dict[str, Future[Report]]) -> None:
    report = cycles[name].result()
    print(report)
    assert report.resources > 20
    assert not report.second_plan, "\n".join(str(change) for change in report.second_plan)


@pytest.mark.parametrize("name", CYCLES)
def test_everything_can_be_destroyed_as_the_readme_tells(name: str, cycles: dict[str, Future[Report]]) -> None:
    assert cycles[name].result().left == []
