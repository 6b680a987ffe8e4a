"""Terraform with the real provider, and the cycles that run beside each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from support.cycle import Report, cycle
from support.examples import EXAMPLES
from support.golden import golden_cases
from support.terraform import Terraform

CYCLES = {**EXAMPLES, **{case.name: case.spec for case in golden_cases("aws")}}
"""What is played through: the examples, and every golden spec that is rendered for AWS."""

AGAIN = ("mysql", "worker-only")
"""What is applied once more after it was destroyed: between them a database, its rotated secret, a zone, queues and
the state's bucket. The others would show the same for as much time again, and those in a zone that was there before
would meet moto's journal of DNS changes, which takes a record that is made, deleted and made for one that exists; on
the stand-in providers all of them are applied once more.
"""

AT_ONCE = 5
"""Cycles beside each other: each mostly waits for the provider, whose waiting times are fixed."""


def _looks_at_cycles(item: pytest.Item) -> bool:
    return "cycles" in getattr(item, "fixturenames", ())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Look at the cycles last: they mostly wait, and the other tests run meanwhile."""
    items.sort(key=_looks_at_cycles)


@pytest.fixture(scope="session", autouse=True)
def begun(request: pytest.FixtureRequest) -> None:
    """Begin the cycles with the first test of this folder, if any test is going to look at them."""
    if any(_looks_at_cycles(item) for item in request.session.items):
        # What the cycles lack here is told by the tests that look at them, not by this one.
        with suppress(pytest.skip.Exception, pytest.fail.Exception):
            request.getfixturevalue("cycles")


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
    wanted = {item.callspec.params["name"] for item in items if _looks_at_cycles(item)}
    folder = tmp_path_factory.mktemp("cycles")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {
            name: pool.submit(cycle, spec, folder / name, terraform, name, again=name in AGAIN)
            # Those that take longest go first.
            for name, spec in sorted(CYCLES.items(), key=lambda item: item[0] not in AGAIN)
            if name in wanted
        }
