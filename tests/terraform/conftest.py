"""Terraform with the real provider, and the cycles that run beside each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from support.cycle import Report, cycle
from support.golden import FOLDER
from support.terraform import Terraform

EXAMPLE = Path(__file__).parents[2] / "examples" / "fastapi-shop" / "cloudgen.yaml"

CYCLES = {
    "fastapi-shop": EXAMPLE,
    **{name: FOLDER / name / "cloudgen.yaml" for name in ("reference", "mysql", "worker-only", "two-containers")},
}
"""What is played through: the example, and specs that together have every kind of resource and both ways of state."""

AT_ONCE = 5
"""Cycles beside each other: each mostly waits for the provider, whose waiting times are fixed."""


@pytest.fixture(scope="session")
def terraform(require: Callable[[str], Path]) -> Terraform:
    """The real Terraform with the real provider, without an AWS to talk to."""
    return Terraform(require("terraform"), require("aws-provider"))


@pytest.fixture(scope="session")
def cycles(
    request: pytest.FixtureRequest, terraform: Terraform, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[Report]]]:
    """The cycles that the selected tests look at, all started at once."""
    items = [item for item in request.session.items if isinstance(item, pytest.Function)]
    wanted = {item.callspec.params["name"] for item in items if "cycles" in item.fixturenames}
    folder = tmp_path_factory.mktemp("cycles")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {
            name: pool.submit(cycle, spec, folder / name, terraform, name)
            for name, spec in CYCLES.items()
            if name in wanted
        }
