"""Whose X-Forwarded headers a server believes behind Google's load balancer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cloudgen.pipeline import build, read_spec
from cloudgen.render import render

SPEC = """\
version: 1
name: shop
targets: {{gcp: {{region: europe-west1, project: acme-shop}}}}
containers:
  web: {web}
  worker: {{command: [python, -m, shop.worker]}}
load_balancer: {{domain: shop.example.com}}
"""


def services(tmp_path: Path, web: str) -> str:
    spec = tmp_path / "cloudgen.yaml"
    spec.write_text(SPEC.format(web=web), encoding="utf-8")
    files = {file.path: file.text for file in render(build(read_spec(str(spec)), "gcp"))}
    # The job beside the service is told the same.
    service, _, job = files["services.tf"].partition('resource "google_cloud_run_v2_job"')
    assert ("FORWARDED_ALLOW_IPS" in service) == ("FORWARDED_ALLOW_IPS" in job)
    return service


@pytest.mark.parametrize(
    "web",
    [
        "{port: 8000}",
        "{port: 8000, build: {interface: wsgi}}",
        # Its own middleware may read it.
        "{port: 8000, command: [hypercorn, 'main:app']}",
    ],
)
def test_the_load_balancers_own_address_is_believed(tmp_path: Path, web: str) -> None:
    """It stands last in X-Forwarded-For: without it, every request would come from there."""
    found = re.findall(r'name  = "FORWARDED_ALLOW_IPS"\s+value = "(.*)"', services(tmp_path, web))
    (trusted,) = [value.split(",") for value in found]
    assert trusted[-1] == "${google_compute_global_address.load_balancer.address}"
    assert "35.191.0.0/16" in trusted
    assert "*" not in trusted


@pytest.mark.parametrize(
    "web",
    [
        # What is not cloudgen's knows better.
        "{port: 8000, image: 'nginx:1'}",
        "{port: 8000, dockerfile: Dockerfile}",
    ],
)
def test_images_of_others_are_told_nothing(tmp_path: Path, web: str) -> None:
    assert "FORWARDED_ALLOW_IPS" not in services(tmp_path, web)


def test_the_spec_may_say_it_itself(tmp_path: Path) -> None:
    text = services(tmp_path, "{port: 8000, environment: {FORWARDED_ALLOW_IPS: 10.0.0.0/8}}")
    assert re.findall(r'name  = "FORWARDED_ALLOW_IPS"\s+value = "(.*)"', text) == ["10.0.0.0/8"]
