"""Databases, buckets, caches and queues."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rig.facts.aws.runners import runner
from rig.facts.aws.tasks import policy_statements
from rig.facts.plan import Module, PlannedResource
from rig.facts.scene import Scene, Seen, label

DAY = 86400
ENCRYPTED_CONNECTIONS = {"postgres": ("rds.force_ssl", "1"), "mysql": ("require_secure_transport", "1")}
"""The parameter by which each engine refuses connections without TLS."""


def isolated_subnets(scene: Scene) -> set[str]:
    """Return the ids of the subnets whose route tables lead nowhere outside."""
    routed = {route.values["route_table_id"] for route in scene.root.of("aws_route")}
    return {
        association.values["subnet_id"]
        for association in scene.root.of("aws_route_table_association")
        if association.values["route_table_id"] not in routed
    }


def _subnets(scene: Scene, type_: str, name: str) -> set[str]:
    """Return the subnets of a subnet group, by its name."""
    return set(scene.root.only(type_, name=name).values["subnet_ids"])


def own_key_of(module: Module) -> str | None:
    """Return the ARN of the module's own key, or None where it has none."""
    found = module.of("aws_kms_key")
    return found[0].values["arn"] if found else None


def databases_are_private(scene: Scene) -> Iterator[Seen]:
    """In subnets without a way in or out, not publicly accessible, with a security group that names no addresses."""
    for name in scene.deployment.storage.databases:
        server = scene.root.get("aws_db_instance", label(name))
        rules = [
            rule
            for group in server.values["vpc_security_group_ids"]
            for rule in scene.root.where("aws_vpc_security_group_ingress_rule", security_group_id=group)
        ]
        subnets = _subnets(scene, "aws_db_subnet_group", server.values["db_subnet_group_name"])
        yield Seen.of(
            name,
            {
                "is publicly accessible": server.at("publicly_accessible") is not False,
                "stands in subnets with a route outside": not subnets or not subnets <= isolated_subnets(scene),
                "lets addresses in": any(rule.at("cidr_ipv4") or rule.at("cidr_ipv6") for rule in rules),
                "has no security group": not server.values["vpc_security_group_ids"],
            },
        )


def databases_are_encrypted(scene: Scene) -> Iterator[Seen]:
    """With the key, as are its password and its insights; connections without TLS are refused."""
    for name, database in scene.deployment.storage.databases.items():
        server = scene.root.get("aws_db_instance", label(name))
        parameters = {
            item["name"]: item["value"]
            for item in scene.root.get("aws_db_parameter_group", label(name)).blocks("parameter")
        }
        setting, on = ENCRYPTED_CONNECTIONS[database.engine]
        key = own_key_of(scene.root) if scene.own_key else None
        yield Seen.of(
            name,
            {
                "is not encrypted": server.at("storage_encrypted") is not True,
                "is encrypted with another key": key is not None and server.at("kms_key_id") != key,
                "its password is encrypted with another key": key is not None
                and server.at("master_user_secret_kms_key_id") != key,
                "takes connections without TLS": parameters.get(setting) != on,
                "has another parameter group": server.at("parameter_group_name")
                != scene.root.get("aws_db_parameter_group", label(name)).values["name"],
                "its password stands in the state": server.at("password") is not None
                or server.at("manage_master_user_password") is not True,
            },
        )


def databases_can_be_restored(scene: Scene) -> Iterator[Seen]:
    """Backups as long as the spec says, which bring point in time; a last snapshot; a standby; protection."""
    protected = scene.deployment.security.deletion_protection
    for name, database in scene.deployment.storage.databases.items():
        server = scene.root.get("aws_db_instance", label(name))
        yield Seen.of(
            name,
            {
                "keeps backups for another time": server.at("backup_retention_period")
                != database.backups.retention // DAY,
                "has a standby, or none, against the spec": bool(server.at("multi_az")) != database.high_availability,
                "is protected, or not, against the spec": bool(server.at("deletion_protection")) != protected,
                "is destroyed without a last snapshot": protected and server.at("skip_final_snapshot") is not False,
                "has another version": not str(server.at("engine_version")).startswith(database.major_version),
                "has another engine": server.at("engine") != database.engine,
            },
        )


def _server(scene: Scene, section: str, name: str) -> tuple[list[str], int]:
    """Return the security groups and the port of a database or cache."""
    if section == "databases":
        server = scene.root.get("aws_db_instance", label(name))
        return server.values["vpc_security_group_ids"], server.values["port"]
    group = scene.root.get("aws_elasticache_replication_group", label(name))
    return group.values["security_group_ids"], group.values["port"]


def only_connected_containers_get_through(scene: Scene) -> Iterator[Seen]:
    """Rules on both sides for each connection; no other rule leads to a database or cache, nor out but HTTPS."""
    allowed: set[tuple[str, str, int]] = set()
    for section in ("databases", "caches"):
        for container, name, _ in scene.connections(section):
            groups, port = _server(scene, section, name)
            sources = runner(scene, container).groups
            pairs = {(source, group, port) for source in sources for group in groups}
            allowed |= pairs
            inward = {
                (rule.at("referenced_security_group_id"), rule.at("security_group_id"), rule.at("from_port"))
                for rule in scene.root.of("aws_vpc_security_group_ingress_rule")
            }
            outward = {
                (rule.at("security_group_id"), rule.at("referenced_security_group_id"), rule.at("from_port"))
                for rule in scene.root.of("aws_vpc_security_group_egress_rule")
            }
            yield Seen.of(
                f"{container} -> {name}",
                {
                    "has no security group": not pairs,
                    "is not let in": not pairs <= inward,
                    "is not let out": not pairs <= outward,
                },
            )
    servers = {
        group
        for section in ("databases", "caches")
        for name in getattr(scene.deployment.storage, section)
        for group in _server(scene, section, name)[0]
    }
    for rule in scene.root.of("aws_vpc_security_group_ingress_rule"):
        if rule.at("security_group_id") in servers:
            found = (rule.at("referenced_security_group_id"), rule.at("security_group_id"), rule.at("from_port"))
            yield Seen.of(rule.address, {"lets in what does not connect": found not in allowed})
    asked = {
        (group, way.to, way.port)
        for name, container in scene.deployment.containers.items()
        for group in runner(scene, name).groups
        for way in container.egress
    }
    opened = set()
    for rule in scene.root.of("aws_vpc_security_group_egress_rule"):
        ranges = [one for one in (rule.at("cidr_ipv4"), rule.at("cidr_ipv6")) if one]
        way = (rule.at("security_group_id"), *ranges, rule.at("from_port"))
        opened.add(way)
        https = (rule.at("from_port"), rule.at("to_port")) == (443, 443)
        alone = rule.at("from_port") == rule.at("to_port")
        yield Seen.of(
            rule.address,
            {"lets out more than HTTPS and what is asked": bool(ranges) and not https and not (way in asked and alone)},
        )
    if asked:
        yield Seen.of("egress", {"is not let out": not asked <= opened})


def _of_bucket(module: Module, type_: str, bucket: PlannedResource) -> PlannedResource | None:
    found = module.where(type_, bucket=bucket.values["id"])
    return found[0] if len(found) == 1 else None


def _refuses_http(policy: PlannedResource | None) -> bool:
    if policy is None:
        return False
    return any(
        statement["Effect"] == "Deny"
        and statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport") == "false"
        and statement["Principal"] in ("*", {"AWS": "*"})
        for statement in policy_statements(policy.values["policy"])
    )


def _allows_everybody(policy: PlannedResource | None) -> bool:
    if policy is None:
        return False
    return any(
        statement["Effect"] == "Allow" and statement["Principal"] in ("*", {"AWS": "*"})
        for statement in policy_statements(policy.values["policy"])
    )


def buckets_are_private(scene: Scene) -> Iterator[Seen]:
    """Public access is blocked four ways, access control lists are off, and plain HTTP is refused."""
    switches = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
    for module in scene.modules:
        for bucket in module.of("aws_s3_bucket"):
            block = _of_bucket(module, "aws_s3_bucket_public_access_block", bucket)
            owner = _of_bucket(module, "aws_s3_bucket_ownership_controls", bucket)
            policy = _of_bucket(module, "aws_s3_bucket_policy", bucket)
            yield Seen.of(
                bucket.address,
                {
                    "public access is not blocked": block is None
                    or any(block.at(name) is not True for name in switches),
                    "has access control lists": owner is None
                    or owner.at("rule", "object_ownership") != "BucketOwnerEnforced",
                    "takes plain HTTP": not _refuses_http(policy),
                    "its policy lets everybody in": _allows_everybody(policy),
                },
            )


def buckets_are_encrypted(scene: Scene) -> Iterator[Seen]:
    """Those of the spec and of the state with the key; logs of balancers can only have the key of S3."""
    for module in scene.modules:
        for bucket in module.of("aws_s3_bucket"):
            rule = _of_bucket(module, "aws_s3_bucket_server_side_encryption_configuration", bucket)
            found: Any = rule.at("rule", "apply_server_side_encryption_by_default") if rule else None
            default = found[0] if found else {}
            with_key = scene.own_key and bucket.label != "access_logs"
            wanted = ("aws:kms", own_key_of(module)) if with_key else None
            yield Seen.of(
                bucket.address,
                {
                    "is not encrypted by a rule": not default.get("sse_algorithm"),
                    "is encrypted with another key": wanted is not None
                    and (default.get("sse_algorithm"), default.get("kms_master_key_id")) != wanted,
                },
            )


def buckets_keep_versions(scene: Scene) -> Iterator[Seen]:
    """Versioning is as the spec says, and old versions end when it says."""
    for name, spec in scene.deployment.storage.buckets.items():
        bucket = scene.root.get("aws_s3_bucket", label(name))
        versioning = _of_bucket(scene.root, "aws_s3_bucket_versioning", bucket)
        lifecycle = _of_bucket(scene.root, "aws_s3_bucket_lifecycle_configuration", bucket)
        enabled = versioning is not None and versioning.at("versioning_configuration", "status") == "Enabled"
        ends = [
            expiration["noncurrent_days"]
            for rule in (lifecycle.blocks("rule") if lifecycle else [])
            for expiration in rule.get("noncurrent_version_expiration") or []
            if rule["status"] == "Enabled"
        ]
        yield Seen.of(
            name,
            {
                "keeps old versions, or not, against the spec": enabled != spec.versioning,
                f"old versions end after {ends} days": spec.versioning
                and ends != [spec.expire_noncurrent_after // DAY],
                "is emptied by terraform destroy": scene.deployment.security.deletion_protection
                and bucket.at("force_destroy") is not False,
            },
        )


def caches_are_private_and_encrypted(scene: Scene) -> Iterator[Seen]:
    """In subnets without a way in or out, encrypted at rest and in transit, with the replicas of the spec."""
    for name, cache in scene.deployment.storage.caches.items():
        group = scene.root.get("aws_elasticache_replication_group", label(name))
        subnets = _subnets(scene, "aws_elasticache_subnet_group", group.values["subnet_group_name"])
        yield Seen.of(
            name,
            {
                "stands in subnets with a route outside": not subnets or not subnets <= isolated_subnets(scene),
                "is not encrypted at rest": str(group.at("at_rest_encryption_enabled")).lower() != "true",
                "is not encrypted in transit": group.at("transit_encryption_enabled") is not True,
                "is encrypted with another key": scene.own_key and group.at("kms_key_id") != own_key_of(scene.root),
                "has another number of nodes": group.at("num_cache_clusters") != 1 + cache.replicas,
            },
        )


def _hidden(scene: Scene, queue: str) -> int:
    """How long a message is hidden from others: six times what a function has for it, as AWS advises."""
    triggers = [each.trigger for each in scene.containers("function").values() if each.trigger]
    deadline = scene.deployment.storage.queues[queue].ack_deadline
    return deadline * 6 if any(trigger.queue == queue for trigger in triggers) else deadline


def queues_keep_what_fails(scene: Scene) -> Iterator[Seen]:
    """A message that failed max_deliveries times goes to a queue that only this one may send to."""
    for name, spec in scene.deployment.storage.queues.items():
        queue = scene.root.get("aws_sqs_queue", label(name))
        letters = scene.root.get("aws_sqs_queue", f"{label(name)}_dead_letter")
        redrive = json.loads(queue.at("redrive_policy") or "{}")
        allowed = scene.root.only("aws_sqs_queue_redrive_allow_policy", queue_url=letters.values["id"])
        policy = json.loads(allowed.values["redrive_allow_policy"])
        encrypted = [
            one.at("kms_master_key_id") == own_key_of(scene.root)
            if scene.own_key
            else one.at("sqs_managed_sse_enabled") is not False
            for one in (queue, letters)
        ]
        yield Seen.of(
            name,
            {
                "what fails is lost, or goes elsewhere": redrive.get("deadLetterTargetArn") != letters.values["arn"],
                "gives up after another number of deliveries": redrive.get("maxReceiveCount") != spec.max_deliveries,
                "other queues may send their dead letters": policy.get("sourceQueueArns") != [queue.values["arn"]],
                "has another time to acknowledge": queue.at("visibility_timeout_seconds") != _hidden(scene, name),
                "keeps messages for another time": queue.at("message_retention_seconds") != spec.retention,
                "dead letters end before the messages": letters.at("message_retention_seconds") < spec.retention,
                "is not encrypted as the spec says": not all(encrypted),
            },
        )
