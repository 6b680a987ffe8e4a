"""A database that takes fewer connections than its containers may open is told, at its size."""

from __future__ import annotations

import pytest

from cloudgen.spec.loader import loads
from cloudgen.spec.parse import parse
from cloudgen.stack import TARGETS, coordinate_models

HEAD = """\
version: 1
name: shop
targets: {aws: {region: eu-west-1}, gcp: {region: europe-west1, project: acme-shop}}
load_balancer: {domain: shop.example.com}
storage: {databases: {main: {size: xsmall}, other: {size: xsmall}}}
"""
WEB = "containers: {web: {port: 8000, connects_to: [main], scaling: {min: 1, max: %d}}}\n"
JOB = """\
containers:
  web: {port: 8000}
  nightly: {command: [sh], schedule: {cron: "0 3 * * *"}, connects_to: [main]}
"""


def told(cloud: str, containers: str) -> list[tuple[object, ...]]:
    made = TARGETS[cloud].build(parse(loads(HEAD + containers), coordinate_models()))
    return [warning.path for warning in made.warnings if warning.code == "too-few-connections"]


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_more_instances_than_connections(cloud: str) -> None:
    assert told(cloud, WEB % 100) == [("storage", "databases", "main", "size")]


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
@pytest.mark.parametrize("containers", [WEB % 2, JOB])
def test_few_instances(cloud: str, containers: str) -> None:
    assert told(cloud, containers) == []
