"""The example on machines by one more line: the same files for everything that no platform has to do with."""

from __future__ import annotations

import difflib

import pytest

from cloudgen.render.tree import render
from cloudgen.spec.loader import loads
from cloudgen.spec.parse import parse
from cloudgen.stack import TARGETS, coordinate_models
from rig.trees.examples import EXAMPLES

LINE = "    platform: virtual_machines"
AROUND = {
    # What says what runs, who it is, how it is reached and watched, and the text about it.
    "README.md", "architecture.svg", "deploy.sh", "iam.tf", "kms.tf", "load_balancer.tf", "monitoring.tf",
    "network.tf", "outputs.tf", "secrets.tf", "bucket.tf", "apis.tf", "bootstrap/apis.tf",
}  # fmt: skip
"""Files of the parts that loop over workloads and grounds."""
OWN = {"services.tf", "jobs.tf", "virtual_machines.tf"}
SAME = {"versions.tf", "providers.tf", "variables.tf", "dns.tf", "database.tf"}


def before() -> str:
    return EXAMPLES["fastapi-shop"].read_text(encoding="utf-8")


def on_machines() -> str:
    lines = before().splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if line.startswith("    port: 8000"))
    return "".join([*lines[: at + 1], f"{LINE}\n", *lines[at + 1 :]])


def files(text: str, target: str) -> dict[str, str]:
    deployment = parse(loads(text), coordinate_models())
    return {file.path: file.text for file in render(TARGETS[target].build(deployment))}


def test_the_specs_differ_in_one_line() -> None:
    changed = [line for line in difflib.ndiff(before().splitlines(), on_machines().splitlines()) if line[0] in "+-"]
    assert changed == [f"+ {LINE}"]


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_the_outputs_differ_in_what_the_platform_has_to_do_with(cloud: str) -> None:
    old, new = files(before(), cloud), files(on_machines(), cloud)
    differ = {path for path in old.keys() | new.keys() if old.get(path) != new.get(path)}
    added = {path for path in new.keys() - old.keys() if path.startswith("machine/")}
    assert differ - added <= AROUND | OWN
    assert {"virtual_machines.tf", *added} <= differ
    assert len(added) == 4
    assert old.keys() - new.keys() <= {"services.tf"}
    assert old.keys() - differ >= SAME


def test_what_runs_here_is_the_same() -> None:
    assert files(before(), "docker") == files(on_machines(), "docker")
