"""Services and worker pools: who may call them, probes, scaling."""

from __future__ import annotations

import pytest

from cloudgen.stack.gcp.cloud_run.serving import LONGEST_START
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.platforms.containers.services import Service
from cloudgen.stack.gcp.stack import build
from rig.parts.gcp import make_foundation, make_workloads, told


def _service(body: str, *, public: bool = True, rest: str = "") -> tuple[Foundation, Service]:
    balancer = "load_balancer: {}" if public and "port" in body else ""
    foundation = make_foundation(f"containers: {{web: {{size: medium, {body}}}}}\n{balancer}\n{rest}")
    made = make_workloads(foundation)["web"]
    assert isinstance(made, Service)
    return foundation, made


def test_only_the_load_balancer_may_call_a_public_service() -> None:
    assert _service("port: 8000")[1].ingress == "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
    assert _service("port: 8000", public=False)[1].ingress == "INGRESS_TRAFFIC_INTERNAL_ONLY"


def test_a_container_without_a_port_is_a_worker_pool() -> None:
    _, decided = _service("scaling: {min: 3, max: 3}")
    assert decided.worker
    assert str(decided.address) == "google_cloud_run_v2_worker_pool.web"
    assert (decided.startup, decided.liveness, decided.port, decided.scaling.min) == (None, None, None, 3)


@pytest.mark.parametrize("grace", [1, 10, 60, 120, 240, 900])
@pytest.mark.parametrize(("interval", "timeout"), [(5, 1), (15, 5), (300, 119)])
def test_probes_stay_within_what_cloud_run_takes(grace: int, interval: int, timeout: int) -> None:
    check = f"{{grace_period: {grace}s, interval: {interval}s, timeout: {timeout}s}}"
    foundation, decided = _service(f"port: 8000, health_check: {check}")
    startup, liveness = decided.startup, decided.liveness
    assert startup is not None
    assert liveness is not None
    assert startup.timeout < startup.period <= 240
    assert startup.failures >= 1
    # Not shorter than the grace period, as far as Cloud Run allows it.
    assert startup.period * (startup.failures + 1) > min(grace, LONGEST_START)
    assert startup.period * startup.failures <= LONGEST_START
    assert (liveness.period, liveness.timeout) == (interval, timeout)
    capped = [("capped", "containers.web.health_check.grace_period")]
    assert told(foundation) == (capped if grace > LONGEST_START else [])


def test_requests_per_instance_are_concurrency_and_capped() -> None:
    assert _service("port: 80")[1].scaling.concurrency == 80
    assert _service("port: 80, scaling: {requests_per_instance: 25}")[1].scaling.concurrency == 25
    foundation, decided = _service("port: 80, scaling: {requests_per_instance: 5000}")
    assert decided.scaling.concurrency == 1000
    assert told(foundation) == [("capped", "containers.web.scaling.requests_per_instance")]


def test_wishes_that_cloud_run_does_not_grant_are_told_where_they_stand() -> None:
    schedules = '[{cron: "0 7 * * *", min: 4}]'
    foundation, decided = _service("port: 80", rest=f"scaling: {{cpu: 50%, min: 1, max: 5, schedules: {schedules}}}")
    assert (decided.scaling.min, decided.scaling.max) == (1, 5)
    assert told(foundation) == [("ignored", "scaling.cpu"), ("ignored", "scaling.schedules")]
    assert not foundation.problems.errors
    foundation, _ = _service(f"port: 80, scaling: {{cpu: 50%, schedules: {schedules}}}")
    assert told(foundation) == [
        ("ignored", "containers.web.scaling.cpu"),
        ("ignored", "containers.web.scaling.schedules"),
    ]


def test_the_default_cpu_target_is_cloud_run_s_own_and_not_told() -> None:
    foundation, _ = _service("port: 80")
    assert told(foundation) == []


def test_a_worker_scales_between_its_limits() -> None:
    foundation, decided = _service("scaling: {min: 2, max: 9}")
    assert (decided.scaling.min, decided.scaling.max, decided.scaling.automatic) == (2, 9, True)
    assert told(foundation) == []
    assert not _service("scaling: {min: 3, max: 3}")[1].scaling.automatic


def test_a_worker_has_one_instance_at_least() -> None:
    foundation, decided = _service("scaling: {min: 0, max: 9}")
    assert decided.scaling.min == 1
    assert told(foundation) == [("approximated", "containers.web.scaling.min")]


@pytest.mark.parametrize(
    ("image", "told_of"),
    [
        ("europe-west1-docker.pkg.dev/acme-shop/repo/web:1", None),
        ("europe-west1-docker.pkg.dev/acme-tools/repo/web@sha256:" + "0" * 64, "acme-tools"),
        ("us-docker.pkg.dev/acme-tools/repo/deep/web:1", "acme-tools"),
        ("nginx:1.29", None),
        ("ghcr.io/acme/web:1", None),
    ],
)
def test_an_image_of_another_project_is_told_with_the_command(image: str, told_of: str | None) -> None:
    stack = build(make_foundation(f"containers: {{web: {{port: 80, image: '{image}'}}}}").deployment)
    found = [warning for warning in stack.warnings if warning.code == "other-project"]
    assert [told_of for _ in found] == ([told_of] if told_of else [])
    for warning in found:
        assert f"in the project {told_of}:" in warning.message
        assert f"--project {told_of} " in (warning.hint or "")
        assert "add-iam-policy-binding repo " in (warning.hint or "")
