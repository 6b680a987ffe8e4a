"""Databases, buckets, caches and queues."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from rig.facts.gcp.finding import run
from rig.facts.plan import Module, PlannedResource
from rig.facts.scene import Scene, Seen, label

DAY = 86400


def _key(module: Module) -> str | None:
    """Return the id of the module's own key, or None where it has none."""
    found = module.of("google_kms_crypto_key")
    return found[0].values["id"] if found else None


def _network(scene: Scene) -> str:
    return str(scene.root.get("google_compute_network", "main").values["id"])


def databases_are_private(scene: Scene) -> Iterator[Seen]:
    """Without a public address, in the deployment's own network."""
    for name in scene.deployment.storage.databases:
        server = scene.root.get("google_sql_database_instance", label(name))
        access = (server.at("settings", "ip_configuration") or [{}])[0]
        yield Seen.of(
            name,
            {
                "has a public address": access.get("ipv4_enabled") is not False,
                "stands in another network": access.get("private_network") != _network(scene),
                "lets addresses in": bool(access.get("authorized_networks")),
            },
        )


def databases_are_encrypted(scene: Scene) -> Iterator[Seen]:
    """With the key; connections without TLS are refused; the password stands in no state."""
    for name in scene.deployment.storage.databases:
        server = scene.root.get("google_sql_database_instance", label(name))
        user = scene.root.get("google_sql_user", label(name))
        yield Seen.of(
            name,
            {
                "is encrypted with another key": scene.own_key and server.at("encryption_key_name") != _key(scene.root),
                "takes connections without TLS": server.at("settings", "ip_configuration", "ssl_mode")
                not in ("ENCRYPTED_ONLY", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"),
                "its password stands in the state": user.at("password") is not None,
                "its user belongs to another server": user.at("instance") != server.values["name"],
            },
        )


def databases_can_be_restored(scene: Scene) -> Iterator[Seen]:
    """Backups as long as the spec says, point in time; a last backup; a standby; protection."""
    protected = scene.deployment.security.deletion_protection
    for name, database in scene.deployment.storage.databases.items():
        server = scene.root.get("google_sql_database_instance", label(name))
        backup = (server.at("settings", "backup_configuration") or [{}])[0]
        in_time = backup.get("point_in_time_recovery_enabled") or backup.get("binary_log_enabled")
        kept = (backup.get("backup_retention_settings") or [{}])[0].get("retained_backups")
        version = database.major_version.replace(".", "_")
        # A standby is kept up by the same log.
        wanted = database.backups.point_in_time or database.high_availability
        yield Seen.of(
            name,
            {
                "is not backed up": backup.get("enabled") is not True,
                f"keeps {kept} backups": kept != database.backups.retention // DAY,
                "restores to any second, or not, against the spec": bool(in_time) != wanted,
                "has a standby, or none, against the spec": (server.at("settings", "availability_type") == "REGIONAL")
                != database.high_availability,
                "is protected, or not, against the spec": bool(server.at("deletion_protection")) != protected
                or bool(server.at("settings", "deletion_protection_enabled")) != protected,
                "is destroyed without a last backup": protected
                and server.at("settings", "final_backup_config", "enabled") is not True,
                "has another version": server.at("database_version") != f"{database.engine.upper()}_{version}",
            },
        )


def _ranges(rule: PlannedResource) -> list[str]:
    return list(rule.at("destination_ranges") or [])


def _inside(rule: PlannedResource) -> bool:
    """Whether a rule is about addresses of a private network only."""
    return bool(_ranges(rule)) and all(ip_network(one).is_private and one != "0.0.0.0/0" for one in _ranges(rule))


def _ways(rule: PlannedResource) -> set[tuple[str, str, str]]:
    """Whom a rule lets out, where to, and by which port."""
    tags, ports = rule.at("target_tags") or [], rule.at("allow", "ports") or []
    return {(tag, one, port) for tag in tags for one in _ranges(rule) for port in ports}


def only_connected_containers_get_through(scene: Scene) -> Iterator[Seen]:
    """All that goes out is refused but HTTPS, and a rule for each connection, aimed at the container's tag."""
    ports = {"postgres": "5432", "mysql": "3306", "valkey": "6379"}
    out = [rule for rule in scene.root.of("google_compute_firewall") if rule.at("direction") == "EGRESS"]
    wanted: set[tuple[str, str]] = set()
    for section in ("databases", "caches"):
        for container, name, _ in scene.connections(section):
            port = ports[getattr(scene.deployment.storage, section)[name].engine]
            wanted.add((run(scene, container).name, port))
            found = [
                rule
                for rule in out
                if _inside(rule)
                and run(scene, container).name in (rule.at("target_tags") or [])
                and rule.at("allow", "ports") == [port]
            ]
            yield Seen.of(f"{container} -> {name}", {"is not let out": not found})
    asked = {
        (run(scene, name).name, way.to, str(way.port))
        for name, container in scene.deployment.containers.items()
        for way in container.egress
    }
    if asked:
        yield Seen.of("egress", {"is not let out": not asked <= set().union(*map(_ways, out))})
    refused = [rule for rule in out if rule.at("deny", "protocol") == "all" and _ranges(rule) == ["0.0.0.0/0"]]
    yield Seen.of("what no rule allows", {"is let out": not refused})
    for rule in (rule for rule in out if rule.at("allow")):
        by_request = bool(_ways(rule)) and _ways(rule) <= asked
        pairs = {(tag, port) for tag in rule.at("target_tags") or ["*"] for port in rule.at("allow", "ports") or ["*"]}
        yield Seen.of(
            rule.address,
            {
                "lets out what does not connect": _inside(rule) and not by_request and not pairs <= wanted,
                "lets out more than HTTPS": not _inside(rule)
                and not by_request
                and {port for _, port in pairs} != {"443"},
                "comes after the rule that refuses everything": any(
                    rule.at("priority") >= other.at("priority") for other in refused
                ),
            },
        )


def buckets_are_private(scene: Scene) -> Iterator[Seen]:
    """Public access is prevented, and access control lists are off."""
    for module in scene.modules:
        for bucket in module.of("google_storage_bucket"):
            yield Seen.of(
                bucket.address,
                {
                    "public access is not blocked": bucket.at("public_access_prevention") != "enforced",
                    "has access control lists": bucket.at("uniform_bucket_level_access") is not True,
                },
            )


def buckets_are_encrypted(scene: Scene) -> Iterator[Seen]:
    """With the key of the module, where the spec asks for one of one's own."""
    for module in scene.modules:
        for bucket in module.of("google_storage_bucket"):
            found = bucket.at("encryption", "default_kms_key_name")
            yield Seen.of(bucket.address, {"is encrypted with another key": scene.own_key and found != _key(module)})


def buckets_keep_versions(scene: Scene) -> Iterator[Seen]:
    """Versioning is as the spec says, and old versions end when it says."""
    for name, spec in scene.deployment.storage.buckets.items():
        bucket = scene.root.get("google_storage_bucket", label(name))
        ends = [
            rule["condition"][0].get("days_since_noncurrent_time")
            for rule in bucket.blocks("lifecycle_rule")
            if rule["action"][0]["type"] == "Delete" and rule["condition"][0].get("with_state") == "ARCHIVED"
        ]
        yield Seen.of(
            name,
            {
                "keeps old versions, or not, against the spec": bool(bucket.at("versioning", "enabled"))
                != spec.versioning,
                f"old versions end after {ends} days": spec.versioning
                and ends != [spec.expire_noncurrent_after // DAY],
                "is emptied by terraform destroy": scene.deployment.security.deletion_protection
                and bucket.at("force_destroy") is not False,
            },
        )


def caches_are_private_and_encrypted(scene: Scene) -> Iterator[Seen]:
    """Reached from the deployment's own network only, encrypted at rest, with the replicas of the spec."""
    for name, cache in scene.deployment.storage.caches.items():
        instance = scene.root.get("google_memorystore_instance", label(name))
        networks = [endpoint["network"] for endpoint in instance.blocks("desired_auto_created_endpoints")]
        yield Seen.of(
            name,
            {
                f"is reached from {networks}": networks != [_network(scene)],
                "is encrypted with another key": scene.own_key and instance.at("kms_key") != _key(scene.root),
                "has another number of replicas": (instance.at("replica_count") or 0) != cache.replicas,
                "is protected, or not, against the spec": bool(instance.at("deletion_protection_enabled"))
                != scene.deployment.security.deletion_protection,
            },
        )


def queues_keep_what_fails(scene: Scene) -> Iterator[Seen]:
    """A message that failed max_deliveries times goes to a topic whose subscription keeps it."""
    for name, spec in scene.deployment.storage.queues.items():
        topic = scene.root.get("google_pubsub_topic", label(name))
        queue = scene.root.get("google_pubsub_subscription", label(name))
        letters = scene.root.get("google_pubsub_topic", f"{label(name)}_dead_letter")
        kept = scene.root.only("google_pubsub_subscription", topic=letters.values["id"])
        key = _key(scene.root) if scene.own_key else None
        moved = {
            (grant.at("topic") or grant.at("subscription"), grant.at("role"))
            for grant in scene.root
            if grant.type.startswith("google_pubsub") and "gcp-sa-pubsub" in str(grant.at("member"))
        }
        yield Seen.of(
            name,
            {
                "takes the messages of another topic": queue.at("topic") != topic.values["id"],
                "what fails is lost, or goes elsewhere": queue.at("dead_letter_policy", "dead_letter_topic")
                != letters.values["id"],
                "gives up after another number of deliveries": queue.at("dead_letter_policy", "max_delivery_attempts")
                != spec.max_deliveries,
                "nobody may move what fails": not {
                    (letters.values["id"], "roles/pubsub.publisher"),
                    (queue.values["name"], "roles/pubsub.subscriber"),
                }
                <= moved,
                "has another time to acknowledge": queue.at("ack_deadline_seconds") != spec.ack_deadline,
                "keeps messages for another time": queue.at("message_retention_duration") != f"{spec.retention}s",
                "dead letters end before the messages": int(str(kept.at("message_retention_duration")).rstrip("s"))
                < spec.retention,
                "is deleted when nobody consumes": (queue.at("expiration_policy") or [{"ttl": None}])[0].get("ttl")
                != "",
                "is encrypted with another key": [one.at("kms_key_name") for one in (topic, letters)] != [key, key],
            },
        )
