"""Examples and golden specs live a whole life on an emulated AWS, with the real Terraform and provider."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from cloudgen.pipeline import read_spec
from rig.emulator.cycle import Report
from rig.emulator.cycles import AGAIN, CYCLES, OFTEN
from rig.facts import broken
from rig.figures import Figures

pytestmark = [pytest.mark.terraform, pytest.mark.provider, pytest.mark.emulator]

WHOLE = {name: [pytest.mark.whole] for name in CYCLES if name not in OFTEN}
NAMES = [pytest.param(name, marks=WHOLE.get(name, ())) for name in CYCLES]
NAMES_AGAIN = [pytest.param(name, marks=WHOLE.get(name, ())) for name in AGAIN]
SECTION = "Terraform, aws (real provider, emulator)"


@pytest.mark.parametrize("name", NAMES)
def test_first_apply_works_and_a_second_plan_is_empty(
    name: str, cycles: dict[str, Future[Report]], figures: Figures
) -> None:
    report = cycles[name].result()
    print(report)
    assert report.resources > 20
    assert "." in report.plans
    assert not report.second_plan, "\n".join(str(change) for change in report.second_plan)
    second = {"second plans empty": len(report.plans)} if not report.tolerated else {}
    figures.count(SECTION, **{"specs applied": 1, "resources applied": report.resources, **second})


@pytest.mark.parametrize("name", NAMES_AGAIN)
def test_everything_can_be_applied_once_more(name: str, cycles: dict[str, Future[Report]], figures: Figures) -> None:
    report = cycles[name].result()
    assert report.again == report.resources
    figures.count(SECTION, **{"applied again": 1})


@pytest.mark.parametrize("name", NAMES)
def test_everything_can_be_destroyed_as_the_readme_tells(name: str, cycles: dict[str, Future[Report]]) -> None:
    assert cycles[name].result().left == []


@pytest.mark.parametrize("name", NAMES)
def test_every_environment_variable_arrives_as_it_was_written(name: str, cycles: dict[str, Future[Report]]) -> None:
    environment = cycles[name].result().environment
    containers = read_spec(str(CYCLES[name])).deployment.containers
    assert set(environment) == set(containers)
    for container, spec in containers.items():
        literal = {key: value for key, value in spec.environment.items() if isinstance(value, str)}
        assert {key: environment[container].get(key) for key in literal} == literal


@pytest.mark.parametrize("name", NAMES)
def test_facts_hold_for_the_real_provider(name: str, cycles: dict[str, Future[Report]], figures: Figures) -> None:
    """The same table as for the stand-in, on what the provider itself has planned and read back."""
    deployment = read_spec(str(CYCLES[name])).deployment
    assert broken("aws", deployment, cycles[name].result().plans) == {}
    figures.count("Facts over plans", **{"plans of the real provider": 1})


@pytest.mark.parametrize("name", ["two-containers"])
def test_text_that_terraform_could_take_for_its_own_arrives(name: str, cycles: dict[str, Future[Report]]) -> None:
    greeting = cycles[name].result().environment["api"]["GREETING"]
    assert greeting == 'Grüße ${name} %{x} "quoted" 🎟'


@pytest.mark.parametrize("name", NAMES)
def test_amazons_own_models_allow_every_request(name: str, cycles: dict[str, Future[Report]], figures: Figures) -> None:
    """Enumerations, patterns, lengths and bounds that moto does not look at."""
    report = cycles[name].result()
    assert report.requests > 500
    assert report.refused == []
    figures.count("Requests held against Amazon's models", **{"requests of lives": report.requests, "violations": 0})
