"""ElastiCache: replication groups and their members."""

from __future__ import annotations

import inspect
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.elasticache.models import CacheCluster, ElastiCacheBackend, ReplicationGroup
from moto.elasticache.responses import ElastiCacheResponse


def mend_groups() -> None:
    """Let a group have as many members as were asked for, each a cluster of its own, which go with it."""
    create = ElastiCacheBackend.create_replication_group
    delete = ElastiCacheBackend.delete_replication_group
    describe = ElastiCacheBackend.describe_replication_groups

    def create_with_members(self: ElastiCacheBackend, *arguments: Any, **settings: Any) -> ReplicationGroup:
        group = create(self, *arguments, **settings)
        if group.cluster_mode != "enabled":
            _add_replicas(group, settings.get("num_cache_clusters") or 1)
        for member in group.member_clusters:
            self.cache_clusters[member] = _cluster(self, group, member)
        return group

    def delete_with_members(self: ElastiCacheBackend, replication_group_id: str, **more: Any) -> ReplicationGroup:
        known = self.replication_groups.get(replication_group_id)
        members = list(known.member_clusters) if known else []
        group = delete(self, replication_group_id, **more)
        for member in members:
            self.cache_clusters.pop(member, None)
        return group

    def describe_until_gone(
        self: ElastiCacheBackend, replication_group_id: str | None = None
    ) -> list[ReplicationGroup]:
        groups = describe(self, replication_group_id)
        for group in groups:
            # Once it has been seen as being deleted, it is gone.
            if group.status == "deleting":
                self.replication_groups.pop(group.replication_group_id, None)
        return groups

    ElastiCacheBackend.create_replication_group = create_with_members
    ElastiCacheBackend.delete_replication_group = delete_with_members
    ElastiCacheBackend.describe_replication_groups = describe_until_gone


def mend_subnet_groups() -> None:
    """Delete a subnet group."""

    def delete(self: ElastiCacheResponse) -> ActionResult:
        name = self._get_param("CacheSubnetGroupName")
        self.elasticache_backend.describe_cache_subnet_groups(cache_subnet_group_name=name)
        del self.elasticache_backend.cache_subnet_groups[name]
        return EmptyResult()

    ElastiCacheResponse.delete_cache_subnet_group = delete


def _add_replicas(group: ReplicationGroup, nodes: int) -> None:
    members = group.node_groups[0]["node_group_members"]
    group.member_clusters[:] = [f"{group.replication_group_id}-{number:03d}" for number in range(1, nodes + 1)]
    for name in group.member_clusters[len(members) :]:
        members.append({**members[0], "cache_cluster_id": name, "current_role": "replica"})


def _cluster(backend: ElastiCacheBackend, group: ReplicationGroup, name: str) -> CacheCluster:
    settings = dict.fromkeys(list(inspect.signature(CacheCluster.__init__).parameters)[1:])
    cluster = CacheCluster(
        **{
            **settings,
            "account_id": backend.account_id,
            "region_name": backend.region_name,
            "cache_cluster_id": name,
            "cache_node_type": group.cache_node_type,
            "replication_group_id": group.replication_group_id,
            "engine": "redis",
            "engine_version": group.engine_version,
            "cache_parameter_group_name": group.cache_parameter_group_name,
            "cache_subnet_group_name": group.cache_subnet_group_name,
            "transit_encryption_enabled": group.transit_encryption_enabled,
            "security_group_ids": group.security_group_ids,
            "port": group.port,
            "preferred_maintenance_window": group.preferred_maintenance_window,
            "notification_topic_arn": group.notification_topic_arn,
            "snapshot_retention_limit": group.snapshot_retention_limit,
            "snapshot_window": group.snapshot_window,
            "auto_minor_version_upgrade": group.auto_minor_version_upgrade,
        }
    )
    # moto's cluster knows the engine redis only while it is made.
    cluster.engine = group.engine
    # What the provider reads of the first member, and takes for the whole group.
    cluster.at_rest_encryption_enabled = group.at_rest_encryption_enabled
    cluster.transit_encryption_mode = group.transit_encryption_mode
    cluster.security_groups = [{"SecurityGroupId": name, "Status": "active"} for name in group.security_group_ids or []]
    cluster.cache_parameter_group = {"CacheParameterGroupName": group.cache_parameter_group_name}
    return cluster
