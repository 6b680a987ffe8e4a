"""Caches in Memorystore: node types, zones, backups, and what clients are told."""

from __future__ import annotations

import pytest

from cloudgen.stack.gcp.alarms import Threshold
from cloudgen.stack.gcp.sizes import MEMORYSTORE
from cloudgen.stack.gcp.storage.cache import Cache
from cloudgen.stack.gcp.storage.cache import decide as caches
from rig.parts.gcp import make_foundation, told


def _cache(fields: str = "", more: str = "") -> Cache:
    body = f"storage: {{caches: {{sessions: {{{fields}}}}}}}\ncontainers: {{web: {{port: 8000}}}}\n{more}"
    foundation = make_foundation(body)
    (cache,) = caches(foundation)
    assert told(foundation) == [("approximated", "storage.caches.sessions")]
    return cache


@pytest.mark.parametrize("size", ["xsmall", "small", "medium", "large", "xlarge", "2xlarge"])
def test_every_size_has_a_node_type_with_an_sla(size: str) -> None:
    cache = _cache(f"size: {size}")
    assert cache.node_type == MEMORYSTORE[size] != "SHARED_CORE_NANO"


def test_replicas_stand_in_other_zones() -> None:
    assert _cache("replicas: 2").replicas == 2
    assert _cache("replicas: 0").replicas == 0


def test_backups_in_production_only() -> None:
    assert _cache().backup_retention == "604800s"
    assert _cache(more="environment: staging").backup_retention is None


def test_clients_are_told_the_primary_node_and_that_there_is_no_tls() -> None:
    values = {variable.name: str(variable.value) for variable in _cache().environment}
    assert values == {"SESSIONS_HOST": "local.sessions_host", "SESSIONS_PORT": "6379", "SESSIONS_TLS": "false"}


def test_it_is_reached_in_the_containers_own_subnetwork() -> None:
    endpoint = _cache().endpoint
    assert (endpoint.port, [str(part) for part in endpoint.ranges]) == (
        6379,
        ["google_compute_subnetwork.main.ip_cidr_range"],
    )


def test_the_policy_and_the_grant_come_first() -> None:
    assert [str(address) for address in _cache().before_instance] == [
        "google_network_connectivity_service_connection_policy.caches",
        "time_sleep.key",
    ]


def test_alarms_on_the_busiest_node() -> None:
    alarms = _cache(more="monitoring: {alerts: {cpu: 75%}}").alarms
    conditions = [alarm.condition for alarm in alarms if isinstance(alarm.condition, Threshold)]
    assert [condition.value for condition in conditions] == [0.75, 0.85]
    assert [alarm.label for alarm in alarms] == ["sessions_cache_cpu", "sessions_cache_memory"]
