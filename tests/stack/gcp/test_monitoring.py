"""Alert policies, who is told, the uptime check, the dashboard, and where logs are kept."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from cloudgen.stack.base import Ref, Template
from cloudgen.stack.gcp.alarms import Alarm, Query, Threshold
from cloudgen.stack.gcp.entrance.load_balancer import load_balancer
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.monitoring import Monitoring, monitoring
from cloudgen.stack.gcp.network.network import network
from cloudgen.stack.gcp.storage.bucket import decide as buckets
from cloudgen.stack.gcp.storage.database import decide as databases
from cloudgen.stack.gcp.storage.resource import Resource
from rig.parts.gcp import make_foundation, make_workloads, told

SHOP = """
containers:
  web: {port: 8000, health_check: {path: /alive}}
  worker: {command: [python, -m, worker]}
  nightly: {command: [python, -m, nightly], schedule: {cron: "0 2 * * *"}}
load_balancer: {domain: shop.example.com, routes: [{path: /, container: web}]}
storage: {databases: {orders-db: {size: medium}}, buckets: {assets: {}}}
monitoring: {logs: {retention: 90d}, uptime_checks: true,
  alerts: {email: [ops@example.com, dev@example.com, ops@example.com], error_rate: 2%, latency_p95: 800ms, cpu: 70%}}
"""
LITTLE = "containers: {worker: {command: [python, -m, worker]}}"


def _monitoring(body: str) -> tuple[Monitoring, Foundation]:
    foundation = make_foundation(body)
    workloads = list(make_workloads(foundation).values())
    balancer = load_balancer(foundation, {each.name: each.entry for each in workloads if each.entry})
    resources: list[Resource] = [*databases(foundation), *buckets(foundation)]
    net = network(foundation, workloads, (), private_services=True)
    foundation.problems.found.clear()
    return monitoring(foundation, balancer, workloads, (), resources, net), foundation


def _plain(value: Any) -> Any:
    if isinstance(value, Template):
        return "".join(str(part) for part in value.parts)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Ref) else value


def _by_label(decided: Monitoring) -> dict[str, Alarm]:
    return {alarm.label: alarm for alarm in decided.alarms}


def test_everybody_is_told_once_and_every_part_is_watched() -> None:
    decided, foundation = _monitoring(SHOP)
    assert [channel.email for channel in decided.channels] == ["ops@example.com", "dev@example.com"]
    assert set(_by_label(decided)) == {
        "error_rate",
        "uptime",
        "certificate",
        "nat",
        "web_service_not_ready",
        "nightly_not_started",
        "web_service_latency",
        "web_service_cpu",
        "web_service_memory",
        "worker_service_cpu",
        "worker_service_memory",
        "worker_service_not_ready",
        "nightly_failed",
        "orders_db_database_cpu",
        "orders_db_database_disk",
        "orders_db_database_memory",
        "orders_db_database_connections",
    }
    assert told(foundation) == []


def test_the_error_rate_counts_when_there_are_enough_errors() -> None:
    alarm = _by_label(_monitoring(SHOP)[0])["error_rate"]
    assert isinstance(alarm.condition, Query)
    query = str(alarm.condition.query)
    assert "> 0.02 and sum(increase(" in query
    assert query.endswith(">= 5")
    assert query.count('url_map_name="shop-prod"') == 3


def test_limits_of_the_spec_are_those_of_the_policies() -> None:
    alarms = _by_label(_monitoring(SHOP)[0])
    values = {label: alarm.condition.value for label, alarm in alarms.items() if isinstance(alarm.condition, Threshold)}
    assert (values["web_service_latency"], values["web_service_cpu"], values["web_service_memory"]) == (800, 0.7, 0.9)


def test_a_worker_pool_has_metrics_of_its_own() -> None:
    alarm = _by_label(_monitoring(SHOP)[0])["worker_service_cpu"]
    assert isinstance(alarm.condition, Threshold)
    text = _plain(alarm.condition.filter)
    assert 'resource.type = "cloud_run_worker_pool"' in text
    assert text.endswith('resource.labels.worker_pool_name = "google_cloud_run_v2_worker_pool.worker.name"')
    assert alarm.condition.group_by == ("resource.label.worker_pool_name",)
    failed = _by_label(_monitoring(SHOP)[0])["worker_service_not_ready"]
    assert isinstance(failed.condition, Threshold)
    text = _plain(failed.condition.filter)
    assert 'resource.type = "cloud_run_worker_pool"' in text
    assert text.endswith('resource.labels.worker_pool_name = "google_cloud_run_v2_worker_pool.worker.name"')


def test_the_uptime_check_asks_what_the_first_route_leads_to() -> None:
    check = _monitoring(SHOP)[0].uptime
    assert check is not None
    assert (check.host, check.path, check.https, check.port) == ("shop.example.com", "/alive", True, 443)


def test_without_a_domain_the_uptime_check_asks_the_address() -> None:
    decided, _ = _monitoring("containers: {web: {port: 80}}\nload_balancer: {}\nmonitoring: {uptime_checks: true}")
    assert decided.uptime is not None
    assert (str(decided.uptime.host), decided.uptime.port) == (
        "google_compute_global_address.load_balancer.address",
        80,
    )


def test_what_cannot_be_is_told() -> None:
    decided, foundation = _monitoring(f"{LITTLE}\nmonitoring: {{uptime_checks: true}}")
    assert decided.uptime is None
    assert told(foundation) == [
        ("ignored", "monitoring.uptime_checks"),
        ("nobody-is-told", "monitoring.alerts.email"),
    ]


def test_logs_of_the_stack_and_of_nobody_else() -> None:
    decided, _ = _monitoring(SHOP)
    assert (decided.logs.name, decided.logs.retention) == ("shop-prod", 90)
    parts = re.split(r" OR (?=\()", _plain(decided.logs.filter))
    assert parts == [
        '(resource.type = "cloud_run_revision" AND resource.labels.service_name = ("shop-prod-web"))',
        '(resource.type = "cloud_run_job" AND resource.labels.job_name = '
        '("shop-prod-web-run" OR "shop-prod-worker-run" OR "shop-prod-nightly"))',
        '(resource.type = "cloud_run_worker_pool" AND resource.labels.worker_pool_name = ("shop-prod-worker"))',
        '(resource.type = "cloud_scheduler_job" AND resource.labels.job_id = ("shop-prod-nightly"))',
        '(resource.type = "http_load_balancer" AND resource.labels.url_map_name = ("shop-prod"))',
        '(resource.type = "cloudsql_database" AND resource.labels.database_id = '
        '"acme-shop:shop-prod-orders-db-random_id.orders_db.hex")',
        '(resource.type = "gce_subnetwork" AND resource.labels.subnetwork_name = '
        '"google_compute_subnetwork.main.name")',
        '(resource.type = "nat_gateway" AND resource.labels.gateway_name = "google_compute_router_nat.main.name")',
    ]


def test_the_smallest_stack_has_a_filter_too() -> None:
    decided, _ = _monitoring(f"{LITTLE}\nnetworking: {{nat: none}}")
    assert _plain(decided.logs.filter).startswith('(resource.type = "cloud_run_worker_pool"')
    assert " OR (resource.type = " in _plain(decided.logs.filter)


def test_tiles_lie_in_the_grid_and_no_coordinate_is_zero() -> None:
    decided, _ = _monitoring(SHOP)
    assert decided.dashboard is not None
    body = json.loads(json.dumps(_plain(decided.dashboard.body)))
    tiles = body["mosaicLayout"]["tiles"]
    seen: set[tuple[int, int]] = set()
    for tile in tiles:
        assert 0 not in (tile.get("xPos", 1), tile.get("yPos", 1))
        left, top = tile.get("xPos", 0), tile.get("yPos", 0)
        assert left + tile["width"] <= body["mosaicLayout"]["columns"]
        cells = {(x, y) for x in range(left, left + tile["width"]) for y in range(top, top + tile["height"])}
        assert not cells & seen
        seen |= cells
    titles = [tile["widget"]["text"]["content"] for tile in tiles if "text" in tile["widget"]]
    assert titles == ["## Requests", "## Services", "## Worker pools", "## Jobs", "## orders-db"]


def test_no_dashboard_where_the_spec_wants_none() -> None:
    assert _monitoring(f"{LITTLE}\nmonitoring: {{dashboard: false}}")[0].dashboard is None


@pytest.mark.parametrize("path", ["/healthz", "/eventlog", "/_ah/health"])
def test_a_path_that_google_keeps_for_itself_is_told(path: str) -> None:
    body = SHOP.replace("path: /alive", f"path: {path}", 1)
    assert body != SHOP
    assert ("unreachable-path", "containers.web.health_check.path") in told(_monitoring(body)[1])
    assert ("unreachable-path", "containers.web.health_check.path") not in told(_monitoring(SHOP)[1])
