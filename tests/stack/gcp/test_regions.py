"""Regions by table, held against Google's own descriptions of its APIs."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from cloudgen.errors import SpecError
from cloudgen.stack.gcp.regions import NO_SCHEDULER, REGIONS
from cloudgen.stack.gcp.stack import build
from rig.parts.gcp import HEAD, make_foundation

WEB = "containers: {web: {port: 8000}}\n"
JOB = 'containers: {nightly: {command: [a], schedule: {cron: "0 2 * * *"}}}\n'
EVERYWHERE = ("run.v2", "sqladmin.v1beta4", "pubsub.v1", "secretmanager.v1", "logging.v2")


def _locations(api: str) -> set[str]:
    package = find_spec("googleapiclient")
    if package is None or package.origin is None:
        pytest.skip("google-api-python-client is not installed")
    file = Path(package.origin).parent / "discovery_cache" / "documents" / f"{api}.json"
    return {one["location"] for one in json.loads(file.read_text(encoding="utf-8"))["endpoints"]}


def test_regions_are_those_of_the_compute_engine_api() -> None:
    assert set(REGIONS) == _locations("compute.v1")
    assert sorted(set(REGIONS)) == sorted(REGIONS)


@pytest.mark.parametrize("api", EVERYWHERE)
def test_what_is_rendered_everywhere_is_in_all_of_them(api: str) -> None:
    assert _locations(api) >= set(REGIONS)


def test_where_the_scheduler_has_an_endpoint_nobody_is_warned() -> None:
    assert not NO_SCHEDULER & _locations("cloudscheduler.v1")
    assert set(REGIONS) > NO_SCHEDULER


@pytest.mark.parametrize(
    ("region", "hint"),
    [
        ("europe-west7", "did you mean europe-west"),
        ("us-east3", "did you mean us-"),
        ("eu-west1", "did you mean europe-west"),
        ("mond-q7", "the regions are africa-south1, "),
    ],
)
def test_another_region_is_refused(region: str, hint: str) -> None:
    with pytest.raises(SpecError) as raised:
        build(make_foundation(WEB, HEAD.replace("europe-west1", region)).deployment)
    (problem,) = raised.value.problems
    assert problem.code == "unknown-region"
    assert problem.path == ("targets", "gcp", "region")
    assert hint in (problem.hint or "")


@pytest.mark.parametrize("region", REGIONS)
def test_every_region_is_taken_and_a_job_without_scheduler_is_told(region: str) -> None:
    stack = build(make_foundation(JOB, HEAD.replace("europe-west1", region)).deployment)
    told = [warning.code for warning in stack.warnings if warning.code == "maybe-unavailable"]
    assert told == ["maybe-unavailable"] * (region in NO_SCHEDULER)
    assert not [
        warning
        for warning in build(make_foundation(WEB, HEAD.replace("europe-west1", region)).deployment).warnings
        if warning.code == "maybe-unavailable"
    ]
