"""What a stack says that it holds is what it renders: a `removed` block of a wrong address would let nothing go."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cloudgen.pipeline import build, read_spec
from cloudgen.render import render
from rig.trees.golden import GoldenCase, golden_cases

CLOUDS = ("aws", "gcp")
BLOCK = re.compile(r'^resource "(\w+)" "(\w+)"', re.MULTILINE)
DATA = re.compile(
    r"aws_(db_instance|elasticache_replication_group|s3_bucket|sqs_queue|secretsmanager_secret|kms_key|route53_zone"
    r"|ecr_repository)\.|google_(sql_database_instance|memorystore_instance|storage_bucket|pubsub_topic"
    r"|secret_manager_secret|kms_crypto_key|dns_managed_zone|artifact_registry_repository)\."
)
"""Types that hold data, or that it cannot be read without."""
OWN = re.compile(
    r"\.(access_logs|\w*dead_letter\w*|\w*deliver\w*|scheduler\w*|schedules?\w*|dlq\w*|undelivered\w*"
    r"|\w*failed_events|\w*_objects)$"
)
"""What the stack keeps for itself: logs of access, messages that nobody took, and news of objects on their way."""


def rendered(stack: Any) -> dict[str, set[str]]:
    """The addresses of all resources, by module."""
    found: dict[str, set[str]] = {}
    for file in render(stack):
        folder, _, name = file.path.rpartition("/")
        if name.endswith(".tf"):
            addresses = {f"{kind}.{label}" for kind, label in BLOCK.findall(file.text)}
            found.setdefault(folder or "root", set()).update(addresses)
    return found


@pytest.mark.parametrize(
    ("case", "cloud"),
    [(case, cloud) for cloud in CLOUDS for case in golden_cases(cloud)],
    ids=lambda value: getattr(value, "name", value),
)
def test_what_is_held_is_rendered_and_what_holds_data_is_held(case: GoldenCase, cloud: str) -> None:
    stack: Any = build(read_spec(str(case.spec)), cloud)
    modules = rendered(stack)
    held: dict[str, set[str]] = {}
    for part in stack.held:
        for module, blocks in part.blocks.items():
            held.setdefault(module, set()).update(map(str, blocks))
    assert set(modules) == set(stack.modules)
    for module, addresses in held.items():
        assert addresses <= modules[module], module
    for module in modules.keys() - {"account"}:
        data = {address for address in modules[module] if DATA.match(address) and not OWN.search(address)}
        assert data <= held.get(module, set()), module


def test_every_name_is_one_parts() -> None:
    for cloud in CLOUDS:
        for case in golden_cases(cloud):
            stack: Any = build(read_spec(str(case.spec)), cloud)
            names = [part.name for part in stack.held]
            assert len(names) == len(set(names))
