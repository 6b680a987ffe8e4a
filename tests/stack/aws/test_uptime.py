"""The check from outside: what is asked, and where its alarm is."""

from __future__ import annotations

from cloudgen.stack.aws.stack import build
from rig.parts.aws import HEAD, WEB, make_foundation, refused

SHOP = """
containers: {web: {port: 8000, health_check: {path: /up}}}
monitoring: {uptime_checks: true, alerts: {email: [a@b.de]}}
"""
DOMAIN = "load_balancer: {domain: shop.example.com}\n"


def _types(blocks: object) -> set[str]:
    return {str(block) for block in blocks}  # type: ignore[attr-defined]


def test_the_domain_is_asked_by_https_on_the_path_of_the_health_check() -> None:
    uptime = build(make_foundation(SHOP + DOMAIN).deployment).monitoring.uptime
    assert uptime is not None
    assert (uptime.host, uptime.path, uptime.type, uptime.port) == ("shop.example.com", "/up", "HTTPS", 443)


def test_without_a_domain_the_balancer_is_asked() -> None:
    uptime = build(make_foundation(SHOP + "load_balancer: {}\n").deployment).monitoring.uptime
    assert uptime is not None
    assert (str(uptime.host), uptime.type, uptime.port) == ("aws_lb.main.dns_name", "HTTP", 80)


def test_the_alarm_has_a_topic_where_it_is_measured() -> None:
    monitoring = build(make_foundation(SHOP + DOMAIN).deployment).monitoring
    assert monitoring.uptime is not None
    assert monitoring.uptime.elsewhere
    (told,) = monitoring.uptime.subscriptions
    assert told.email == "a@b.de"
    assert {"aws_sns_topic.uptime", f"aws_sns_topic_subscription.{told.label}"} <= _types(monitoring.blocks)


def test_in_that_region_the_topic_of_all_alarms_carries_it() -> None:
    head = HEAD.replace("eu-west-1", "us-east-1")
    monitoring = build(make_foundation(SHOP + DOMAIN, head).deployment).monitoring
    assert monitoring.uptime is not None
    assert not monitoring.uptime.elsewhere
    assert str(monitoring.uptime.topic) == "aws_sns_topic.alerts"
    assert "aws_sns_topic.uptime" not in _types(monitoring.blocks)


def test_without_a_balancer_it_is_told_that_nothing_is_asked() -> None:
    stack = build(make_foundation(SHOP).deployment)
    assert stack.monitoring.uptime is None
    assert ("monitoring", "uptime_checks") in [warning.path for warning in stack.warnings]


def test_where_route_53_has_no_health_checks_it_is_refused() -> None:
    head = HEAD.replace("eu-west-1", "us-gov-west-1")
    assert refused(make_foundation(SHOP + DOMAIN, head)) == [("unsupported", "monitoring.uptime_checks")]


def test_route_53_takes_ten_tags() -> None:
    labels = "labels: {" + ", ".join(f"label{number}: x" for number in range(8)) + "}\n"
    zone = "load_balancer: {domain: shop.example.com, create_zone: true}\n"
    assert [path for _, path in refused(make_foundation(f"{WEB}\n{labels}{zone}"))] == ["labels"]
    assert [path for _, path in refused(make_foundation(labels + SHOP + DOMAIN))] == ["labels"]
