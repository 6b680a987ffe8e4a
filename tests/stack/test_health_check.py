"""What a health check takes for success, and whom it asks by name, on every platform and both clouds."""

from __future__ import annotations

import pytest

from cloudgen.errors import Problem, SpecError
from cloudgen.render import render
from cloudgen.spec.loader import loads
from cloudgen.spec.parse import parse
from cloudgen.stack import TARGETS, coordinate_models

SPEC = """\
version: 1
name: shop
targets: {aws: {region: eu-west-1}, gcp: {region: europe-west1, project: acme-shop}}
containers: {web: {image: "nginx:1.29", port: 80, platform: PLATFORM, health_check: {path: /up, CHECK}}}
load_balancer: {domain: shop.example.com}
"""


def rendered(cloud: str, check: str, platform: str = "containers") -> str:
    """All that is rendered for a cloud, white space as one space."""
    made = parse(loads(SPEC.replace("CHECK", check).replace("PLATFORM", platform)), coordinate_models())
    text = "\n".join(file.text for file in render(TARGETS[cloud].build(made)) if file.path.endswith(".tf"))
    return " ".join(text.split())


def refused(cloud: str, check: str, platform: str = "containers") -> list[Problem]:
    """The errors that a cloud has with it."""
    with pytest.raises(SpecError) as found:
        rendered(cloud, check, platform)
    return [problem for problem in found.value.problems if problem.severity == "error"]


@pytest.mark.parametrize("platform", ["containers", "virtual_machines"])
def test_aws_takes_what_is_written(platform: str) -> None:
    assert 'matcher = "200-299,302"' in rendered("aws", 'success: "200-299,302"', platform)
    assert 'matcher = "200"' in rendered("aws", "interval: 20s", platform)


def test_both_probes_of_cloud_run_send_the_host() -> None:
    header = 'path = "/up" http_headers { name = "Host" value = "shop.example.com" } }'
    assert rendered("gcp", "host: shop.example.com").count(header) == 2
    assert "http_headers" not in rendered("gcp", "interval: 20s")


def test_both_checks_of_machines_send_the_host() -> None:
    check = 'request_path = "/up" port = 80 host = "shop.example.com" }'
    assert rendered("gcp", "host: shop.example.com", "virtual_machines").count(check) == 2


def test_what_google_never_takes_for_success_is_refused_at_the_line() -> None:
    for platform, success in (("containers", "200,404"), ("virtual_machines", "200-204"), ("virtual_machines", "302")):
        (problem,) = refused("gcp", f'success: "{success}"', platform)
        assert problem.code == "unsupported"
        assert problem.path == ("containers", "web", "health_check", "success")
        assert "/up" in str(problem.hint)
    assert rendered("gcp", "success: 200-399")


@pytest.mark.parametrize("success", ["199", "500", "200-", "ok", "399-200", "200;302", "200-600", "''", "2000"])
def test_what_is_no_status_is_refused(success: str) -> None:
    (problem,) = refused("aws", f"success: {success}")
    assert (problem.code, problem.path[-1]) == ("bad-value", "success")


def test_successes_are_ranges() -> None:
    text = SPEC.replace("CHECK", "success: '200-299, 302'".replace(" 3", "3")).replace("PLATFORM", "containers")
    made = parse(loads(text), coordinate_models())
    assert made.containers["web"].health_check.successes == (range(200, 300), range(302, 303))


def test_the_host_is_told_to_be_ignored_on_aws() -> None:
    text = SPEC.replace("CHECK", "host: shop.example.com").replace("PLATFORM", "containers")
    stack = TARGETS["aws"].build(parse(loads(text), coordinate_models()))
    (told,) = [one for one in stack.warnings if one.path[-1] == "host"]
    assert told.code == "ignored"
    assert "success" in str(told.hint)
