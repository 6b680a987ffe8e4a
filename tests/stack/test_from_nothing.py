"""`scaling.min: 0`: none at times where something starts the first one again, else one, and a warning says so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cloudgen.pipeline import build, read_spec
from cloudgen.render import render

HEAD = """
version: 1
name: shop
targets: {aws: {region: eu-west-1}, gcp: {region: europe-west1, project: acme-shop}}
monitoring: {alerts: {email: [ops@example.com]}}
load_balancer: {domain: shop.example.com, routes: [{path: /, container: web}]}
"""
PLAIN = "containers: {web: {port: 80, scaling: {min: 0, max: 3}}, worker: {command: [x], scaling: {min: 0, max: 3}}}"
BY_CLOCK = PLAIN.replace("max: 3}", "max: 3, schedules: [{cron: 0 7 * * *, min: 2}, {cron: 0 20 * * *, min: 0}]}")


def numbers(body: str, cloud: str, pattern: str, folder: Path) -> tuple[list[str], list[str]]:
    """Return what stands in services.tf, and the containers that are warned of."""
    (folder / "cloudgen.yaml").write_text(HEAD + body)
    stack = build(read_spec(str(folder / "cloudgen.yaml")), cloud)
    text = next(file.text for file in render(stack) if file.path == "services.tf")
    told = [str(warning.path[1]) for warning in stack.warnings if warning.path[-2:] == ("scaling", "min")]
    return re.findall(pattern, text), told


@pytest.mark.parametrize(("body", "number", "told"), [(PLAIN, "1", ["web", "worker"]), (BY_CLOCK, "0", [])])
def test_aws_starts_no_first_task_by_load(body: str, number: str, told: list[str], tmp_path: Path) -> None:
    for pattern in (r"desired_count += (\d+)\n", r'"aws_appautoscaling_target" (?:.*\n)*?  min_capacity += (\d+)\n'):
        assert numbers(body, "aws", pattern, tmp_path) == ([number, number], told)


@pytest.mark.parametrize("body", [PLAIN, BY_CLOCK])
def test_cloud_run_starts_services_but_no_worker(body: str, tmp_path: Path) -> None:
    pattern = r"(min_instance_count += \d+)\n"
    found, told = numbers(body, "gcp", pattern, tmp_path)
    assert [" ".join(line.split()) for line in found] == ["min_instance_count = 0", "min_instance_count = 1"]
    assert told == ["worker"]
