"""Caches: nodes, failover, network and alarms."""

from __future__ import annotations

import pytest

from cloudgen.render.hcl import encode
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.sizes import ELASTICACHE
from cloudgen.stack.aws.storage.cache import Cache
from cloudgen.stack.aws.storage.cache import decide as caches
from rig.parts.aws import HEAD, make_foundation

CONTAINERS = "containers: {web: {port: 8000, connects_to: [sessions]}, worker: {}}"


def make_cache(settings: str = "", head: str = HEAD, rest: str = "") -> Cache:
    (cache,) = caches(cache_foundation(settings, head, rest))
    return cache


def cache_foundation(settings: str = "", head: str = HEAD, rest: str = "") -> Foundation:
    return make_foundation(f"{CONTAINERS}\nstorage: {{caches: {{sessions: {{{settings}}}}}}}\n{rest}", head)


@pytest.mark.parametrize(("replicas", "nodes", "failover"), [(0, 1, False), (1, 2, True), (5, 6, True)])
def test_replicas_bring_failover(replicas: int, nodes: int, failover: bool) -> None:
    cache = make_cache(f"replicas: {replicas}")
    assert (cache.nodes, cache.failover) == (nodes, failover)


def test_every_size_has_a_node_type() -> None:
    for size, (node_type, _) in ELASTICACHE.items():
        assert make_cache(f"size: {size}").node_type == node_type


def test_snapshots_are_for_production() -> None:
    assert make_cache().snapshot_days == 7
    assert make_cache(head=HEAD + "environment: staging\n").snapshot_days == 0


def test_the_spec_decides_over_the_profile_about_snapshots() -> None:
    assert make_cache("backups: false").snapshot_days == 0
    assert make_cache("backups: true", head=HEAD + "environment: staging\n").snapshot_days == 7


def test_only_connected_containers_are_let_in() -> None:
    (group,) = make_cache().security_groups
    assert [(rule.label, rule.port, str(rule.peer)) for rule in group.ingress] == [
        ("sessions_from_web", 6379, "aws_security_group.web")
    ]
    assert group.egress == ()


def test_identifier_stays_within_its_limit() -> None:
    head = "version: 1\nname: abcdefghijklmno\nenvironment: staging\ntargets: {aws: {region: eu-west-1}}\n"
    body = "containers: {web: {}}\nstorage: {caches: {abcdefghijklm-opqrstuvwx: {}, abcdefghijklm-opqrstuvwy: {}}}"
    first, second = caches(make_foundation(body, head))
    assert len(first.replication_group_id) <= 40
    assert first.replication_group_id != second.replication_group_id
    assert "--" not in first.replication_group_id


def test_each_node_is_watched_under_the_name_that_aws_gives_it() -> None:
    alarms = make_cache("replicas: 1").alarms
    nodes = [alarm.metric.dimensions for alarm in alarms if alarm.metric]
    assert nodes[0] == {"CacheClusterId": "shop-prod-sessions-001", "CacheNodeId": "0001"}
    assert nodes[3] == {"CacheClusterId": "shop-prod-sessions-002", "CacheNodeId": "0001"}
    assert len({alarm.label for alarm in alarms}) == len({alarm.name for alarm in alarms}) == 6


def test_cpu_credits_are_watched_where_there_are_any() -> None:
    def watched(size: str) -> set[str]:
        return {alarm.metric.name for alarm in make_cache(f"size: {size}").alarms if alarm.metric}

    assert "CPUCreditBalance" in watched("medium")
    assert "CPUCreditBalance" not in watched("large")


@pytest.mark.parametrize(
    ("size", "metric", "limit"),
    [("small", "CPUUtilization", 40), ("2xlarge", "EngineCPUUtilization", 80)],
)
def test_busy_means_the_thread_of_the_engine(size: str, metric: str, limit: float) -> None:
    alarms = make_cache(f"size: {size}", rest="monitoring: {alerts: {cpu: 80%}}").alarms
    (cpu,) = (alarm for alarm in alarms if alarm.label == "sessions_cache_cpu_1")
    assert cpu.metric is not None
    assert (cpu.metric.name, cpu.threshold) == (metric, limit)


def test_containers_learn_the_address_and_need_no_permission() -> None:
    cache = make_cache()
    assert {variable.name: encode(variable.value) for variable in cache.environment} == {
        "SESSIONS_HOST": "aws_elasticache_replication_group.sessions.primary_endpoint_address",
        "SESSIONS_PORT": '"6379"',
        "SESSIONS_TLS": '"true"',
    }
    assert (cache.grants("connect"), cache.secrets, cache.secret_grants) == ((), (), ())
