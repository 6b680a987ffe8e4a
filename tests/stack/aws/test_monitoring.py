"""Alarms, who is told, and the dashboard."""

from __future__ import annotations

import itertools
from typing import Any

from cloudgen.dataclass import replace
from cloudgen.stack.aws.alarms import Alarm, Metric
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.monitoring import Monitoring, monitoring
from cloudgen.stack.aws.scheduler import scheduler
from cloudgen.stack.clashes import check_clashes
from rig.parts.aws import WEB, make_balancer, make_cluster, make_foundation

SHOP = """
containers:
  web: {port: 8000}
  worker: {command: [python, -m, worker]}
  nightly: {command: [python, -m, nightly], schedule: {cron: "0 2 * * *"}}
load_balancer: {domain: shop.example.com}
monitoring: {alerts: {email: [ops@example.com, dev@example.com, ops@example.com], error_rate: 2%, latency_p95: 800ms,
  cpu: 70%}}
"""


class Disk:
    """A backing resource, as far as monitoring looks at one."""

    name = "orders-db"
    notices = ()
    alarms = (
        Alarm(
            label="orders_db_disk",
            name="shop-prod-orders-db-disk",
            description="The disk of orders-db is filling up",
            comparison="LessThanThreshold",
            threshold=4096,
            evaluation_periods=1,
            datapoints_to_alarm=1,
            metric=Metric("AWS/RDS", "FreeStorageSpace", "Minimum", {"DBInstanceIdentifier": "x"}, 300),
        ),
    )


def _monitoring(body: str, resources: Any = ()) -> tuple[Foundation, Monitoring]:
    foundation = make_foundation(body)
    balancer, cluster = make_balancer(foundation), make_cluster(foundation)
    clock = scheduler(foundation, [job.schedule for job in cluster.jobs])
    return foundation, monitoring(foundation, balancer, cluster.services, [cluster], clock, resources)


def _alarm(decided: Monitoring, label: str) -> Alarm:
    (alarm,) = (alarm for alarm in decided.alarms if alarm.label == label)
    return alarm


def test_everything_is_watched() -> None:
    _, decided = _monitoring(SHOP, [Disk()])
    assert {alarm.label for alarm in decided.alarms} == {
        "error_rate",
        "web_service_latency",
        "web_service_unhealthy",
        "web_service_cpu",
        "web_service_memory",
        "web_service_tasks",
        "worker_service_cpu",
        "worker_service_memory",
        "worker_service_tasks",
        "scheduler_errors",
        "scheduler_dropped",
        "orders_db_disk",
    }
    labels = [alarm.label for alarm in decided.alarms]
    names = [alarm.name for alarm in decided.alarms]
    assert len(set(labels)) == len(labels)
    assert len(set(names)) == len(names)
    # The topic's policy lets in alarms by this prefix.
    assert all(name.startswith("shop-prod-") for name in names)


def test_thresholds_come_from_the_spec() -> None:
    _, decided = _monitoring(SHOP)
    assert _alarm(decided, "error_rate").threshold == 2.0
    assert _alarm(decided, "web_service_latency").threshold == 0.8
    assert _alarm(decided, "worker_service_cpu").threshold == 70.0


def test_percentiles_are_told_apart() -> None:
    _, decided = _monitoring(SHOP)
    assert _alarm(decided, "web_service_latency").percentile
    assert not _alarm(decided, "web_service_cpu").percentile


def test_metric_math_is_complete() -> None:
    """Every name of an expression is a query, one query is the result, and all stay within CloudWatch's ten."""
    _, decided = _monitoring(SHOP)
    assert decided.math_alarms
    for alarm in decided.math_alarms:
        names = {query.id for query in alarm.queries}
        assert sum(query.return_data for query in alarm.queries) == 1
        assert len(alarm.queries) <= 10
        for query in alarm.expressions:
            words = "".join(c if c.isalnum() or c == "_" else " " for c in query.expression or "").split()
            assert {word for word in words if word[0].islower()} <= names


def test_without_a_load_balancer_nothing_is_said_about_requests() -> None:
    _, decided = _monitoring("containers: {worker: {command: [python, -m, worker]}}")
    labels = {alarm.label for alarm in decided.alarms}
    assert labels == {"worker_service_cpu", "worker_service_memory", "worker_service_tasks"}
    assert decided.events


def test_each_address_is_told_once() -> None:
    foundation, decided = _monitoring(SHOP)
    assert [one.email for one in decided.subscriptions] == ["ops@example.com", "dev@example.com"]
    assert not [problem for problem in foundation.problems.found if problem.code == "nobody-is-told"]


def test_nobody_is_told() -> None:
    foundation, decided = _monitoring(WEB)
    assert decided.subscriptions == ()
    assert decided.alarms
    assert "nobody-is-told" in {problem.code for problem in foundation.problems.warnings}


def test_rounded_retention_is_told() -> None:
    foundation, _ = _monitoring(f"monitoring: {{logs: {{retention: 100d}}}}\n{WEB}")
    (problem,) = [problem for problem in foundation.problems.warnings if problem.code == "approximated"]
    assert problem.path == ("monitoring", "logs", "retention")
    assert problem.message == "logs are kept for 120 days: CloudWatch does not offer 100"


def test_no_dashboard() -> None:
    _, decided = _monitoring(f"monitoring: {{dashboard: false}}\n{WEB}")
    assert decided.dashboard is None


def test_dashboard_has_a_graph_for_everything_and_none_on_top_of_another() -> None:
    _, decided = _monitoring(SHOP, [Disk()])
    assert decided.dashboard is not None
    widgets = decided.dashboard.body["widgets"]
    titles = [w["properties"].get("title") or w["properties"]["markdown"] for w in widgets]
    for title in (
        "## Requests",
        "## Containers",
        "## Jobs",
        "## orders-db",
        "CPU, %",
        "The disk of orders-db is filling up",
    ):
        assert title in titles
    for one, other in itertools.combinations(widgets, 2):
        apart_x = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
        apart_y = one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]
        assert apart_x or apart_y
    assert all(w["x"] + w["width"] <= 24 for w in widgets)


def test_dashboard_draws_the_threshold_of_an_alarm() -> None:
    _, decided = _monitoring(SHOP, [Disk()])
    assert decided.dashboard is not None
    (disk,) = (w for w in decided.dashboard.body["widgets"] if "disk" in w["properties"].get("title", ""))
    assert disk["properties"]["annotations"]["horizontal"][0]["value"] == 4096
    assert disk["properties"]["metrics"][0][:4] == ["AWS/RDS", "FreeStorageSpace", "DBInstanceIdentifier", "x"]


def test_names_that_meet_are_refused() -> None:
    class Same:
        name = "web-service"
        notices = ()
        alarms = (replace(Disk.alarms[0], label="web_service_cpu", name="shop-prod-web-service-cpu"),)

    foundation, decided = _monitoring(WEB, [Same()])
    check_clashes(decided.blocks, foundation.problems)
    assert [problem.code for problem in foundation.problems.errors] == ["name-clash"]
