"""Every part says which blocks it renders: clash checks and reserved names rely on that."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from cloudgen.errors import SpecError
from cloudgen.pipeline import build, read_spec
from cloudgen.render import render
from rig.trees.golden import GoldenCase, golden_cases

CLOUDS = ("aws", "gcp")
BLOCK = re.compile(r'^(resource|data|ephemeral) "(\w+)" "(\w+)"', re.MULTILINE)


MODULES = {"bootstrap": "bootstrap/", "audit": "account/"}
"""Which attribute of the stack states the blocks of a module, and the folder that the module is rendered to."""


def rendered(stack: Any, folder: str = "") -> Counter[str]:
    """The addresses of all blocks of the module in a folder; the root module has none."""
    text = "\n".join(file.text for file in render(stack) if re.fullmatch(rf"{folder}[^/]+\.tf", file.path))
    return Counter(
        f"{'' if kind == 'resource' else f'{kind}.'}{type_}.{label}" for kind, type_, label in BLOCK.findall(text)
    )


def stated(stack: Any) -> Counter[str]:
    """The addresses that the parts state."""
    return Counter(map(str, stack.blocks))


@pytest.mark.parametrize(
    ("case", "cloud"),
    [(case, cloud) for cloud in CLOUDS for case in golden_cases(cloud)],
    ids=lambda value: getattr(value, "name", value),
)
def test_the_blocks_of_a_golden_tree_are_those_that_its_parts_state(case: GoldenCase, cloud: str) -> None:
    stack: Any = build(read_spec(str(case.spec)), cloud)
    assert stated(stack) == rendered(stack)
    assert set(stated(stack).values()) == {1}


@pytest.mark.parametrize("module", ["bootstrap", "audit"])
@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_blocks_of_the_other_modules_are_those_that_they_state(cloud: str, module: str) -> None:
    found = 0
    for case in golden_cases(cloud):
        stack: Any = build(read_spec(str(case.spec)), cloud)
        part = getattr(stack, module)
        assert (stated(part) if part else Counter()) == rendered(stack, MODULES[module]), case.name
        found += part is not None
    assert found > 1


def test_a_block_that_no_part_states_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from cloudgen.stack.aws.storage.queue import Queue

    case = next(case for case in golden_cases("aws") if case.name == "reference")
    stack: Any = build(read_spec(str(case.spec)), "aws")
    monkeypatch.setattr(Queue, "blocks", ())
    assert stated(stack) != rendered(stack)


AT_ONCE = 12
"""Containers in one spec."""

SPEC = """\
version: 1
name: shop
targets: {aws: {region: eu-west-1}, gcp: {region: europe-west1, project: acme-shop}}
load_balancer: {domain: shop.example.com, waf: true, routes: [{path: /, container: web}]}
storage:
  databases: {orders: {}}
  buckets: {assets: {}}
  caches: {sessions: {}}
  queues: {jobs: {}}
security: {secrets: {stripe: {}}}
monitoring: {alerts: {email: [ops@example.com]}, audit: true}
containers:
  web: {port: 8000, connects_to: [orders, assets, sessions, "jobs:publish"], secrets: {STRIPE: stripe}}
  nightly: {image: "nginx:1.29", schedule: {cron: "0 2 * * *"}}
"""


def labels(cloud: str) -> Iterator[str]:
    """Every label of the reference tree that could be a container's name."""
    case = next(case for case in golden_cases(cloud) if case.name == "reference")
    stack: Any = build(read_spec(str(case.spec)), cloud)
    found = {address.label.replace("_", "-") for address in stack.blocks}
    yield from sorted(name for name in found | {"firewall"} if re.fullmatch(r"[a-z][a-z0-9-]{0,23}", name))


KINDS = ("port: 80", "command: [run]", 'schedule: {cron: "0 3 * * *"}')


REFUSED = {"aws": {"firewall"}, "gcp": set()}
"""Names that some block of the cloud has where the container would have it. On Google Cloud no address is shared."""


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_container_with_the_name_of_any_block_is_refused_or_unique(cloud: str, tmp_path: Path) -> None:
    """Kinds of containers take turns; all of them render what their kind renders."""
    path = tmp_path / "cloudgen.yaml"
    names = (name for name in labels(cloud) if name not in ("web", "nightly"))
    containers = list(zip(names, cycle(KINDS), strict=False))
    refused: list[str] = []
    while containers:
        some = containers[:AT_ONCE]
        path.write_text(SPEC + "".join(f'  {name}: {{image: "nginx:1.29", {kind}}}\n' for name, kind in some))
        try:
            stack: Any = build(read_spec(str(path)), cloud)
        except SpecError as error:
            found = {str(problem.path[-1]) for problem in error.problems if problem.code == "reserved-name"}
            if not found:
                raise
            refused += found
            containers = [(name, kind) for name, kind in containers if name not in found]
            continue
        twice = [address for address, number in rendered(stack).items() if number > 1]
        assert not twice, some
        containers = containers[AT_ONCE:]
    assert set(refused) >= REFUSED[cloud]
