"""Alarms and logs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rig.facts.gcp.finding import run
from rig.facts.plan import PlannedResource
from rig.facts.scene import Scene, Seen, label

DAY = 86400
LABEL = re.compile(r'(?:resource\.labels?\.)?\b(?P<name>[a-z_]+) ?(?:=|=~) ?"(?P<value>[^"]*)"')
"""A label with its value, in a filter of Cloud Monitoring or a query of PromQL."""


def _known(scene: Scene) -> dict[str, set[str]]:
    """Return the values that each label of a monitored resource may have: the names of what the plan holds."""
    root = scene.root

    def names(type_: str, attribute: str = "name") -> set[str]:
        return {str(resource.values[attribute]) for resource in root.of(type_)}

    return {
        "service_name": names("google_cloud_run_v2_service"),
        "worker_pool_name": names("google_cloud_run_v2_worker_pool"),
        "instance_group": names("google_compute_region_instance_group_manager"),
        "job_name": names("google_cloud_run_v2_job"),
        "job_id": names("google_cloud_scheduler_job"),
        "url_map_name": names("google_compute_url_map"),
        "backend_target_name": names("google_compute_backend_service"),
        "database_id": {
            f"{server.values['project']}:{server.values['name']}" for server in root.of("google_sql_database_instance")
        },
        "gateway_name": names("google_compute_router_nat"),
        "instance_id": names("google_memorystore_instance", "instance_id"),
        "subscription_id": names("google_pubsub_subscription"),
        "topic_id": names("google_pubsub_topic"),
        "check_id": names("google_monitoring_uptime_check_config", "uptime_check_id"),
        "host": {str(scene.deployment.load_balancer.domain)} if scene.deployment.load_balancer else set(),
    }


def _texts(alarm: PlannedResource) -> list[str]:
    """Return the filters and queries of an alert policy."""
    found = []
    for condition in alarm.blocks("conditions"):
        for kind in condition.values():
            for block in kind if isinstance(kind, list) else []:
                found += [str(block[name]) for name in ("filter", "denominator_filter", "query") if block.get(name)]
    return found


def alarms_watch_what_exists(scene: Scene) -> Iterator[Seen]:
    """Every label names a resource of the plan, and each service, database, cache and queue is named by an alarm."""
    known = _known(scene)
    named: set[tuple[str, str]] = set()
    for alarm in scene.root.of("google_monitoring_alert_policy"):
        labels = [
            (match["name"], match["value"])
            for text in _texts(alarm)
            for match in LABEL.finditer(text)
            if match["name"] in known
        ]
        named |= set(labels)
        strange = sorted(f"{name} {value}" for name, value in labels if value not in known[name])
        yield Seen.of(alarm.address, {f"watches {strange}": bool(strange), "watches nothing": not labels})
    for name in scene.containers("service", "worker", "function"):
        one = run(scene, name)
        yield Seen.of(name, {"no alarm watches it": (one.monitored, one.name) not in named})
    for name in scene.deployment.storage.databases:
        server = scene.root.get("google_sql_database_instance", label(name)).values
        identifier = f"{server['project']}:{server['name']}"
        yield Seen.of(name, {"no alarm watches it": ("database_id", identifier) not in named})
    for name in scene.deployment.storage.caches:
        instance = scene.root.get("google_memorystore_instance", label(name)).values["instance_id"]
        yield Seen.of(name, {"no alarm watches it": ("instance_id", instance) not in named})
    for name in scene.deployment.storage.queues:
        letters = scene.root.get("google_pubsub_subscription", f"{label(name)}_dead_letter").values["name"]
        yield Seen.of(name, {"no alarm watches its dead letters": ("subscription_id", letters) not in named})


def alarms_tell_somebody(scene: Scene) -> Iterator[Seen]:
    """Each alert policy has a channel for every address of the spec."""
    emails = scene.deployment.monitoring.alerts.email
    if not emails:
        return
    channels = {
        channel.values["id"]: channel.at("labels", "email_address")
        for channel in scene.root.where("google_monitoring_notification_channel", type="email")
    }
    for alarm in scene.root.of("google_monitoring_alert_policy"):
        told = {channels.get(channel) for channel in alarm.at("notification_channels") or []}
        yield Seen.of(
            alarm.address,
            {
                "tells nobody": not told or alarm.at("enabled") is False,
                f"{sorted(set(emails) - told)} does not hear of it": not set(emails) <= told,
            },
        )


def logs_are_kept_as_written(scene: Scene) -> Iterator[Seen]:
    """The sink takes the logs of each container to a bucket that keeps them as long as the spec says."""
    sink = scene.root.only("google_logging_project_sink")
    bucket = scene.root.only("google_logging_project_bucket_config")
    keys = [key.values["id"] for key in scene.root.of("google_kms_crypto_key")]
    days = scene.deployment.monitoring.logs.retention // DAY
    for name in scene.containers():
        yield Seen.of(
            name,
            {
                "its logs go elsewhere": f'"{run(scene, name).name}"' not in str(sink.at("filter"))
                or not str(sink.at("destination")).endswith(bucket.values["id"]),
                f"logs are kept {bucket.at('retention_days')} days": bucket.at("retention_days") != days,
                "logs are encrypted with another key": scene.own_key
                and bucket.at("cmek_settings", "kms_key_name") not in keys,
            },
        )
