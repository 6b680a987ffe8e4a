"""Alarms and logs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rig.facts.aws.runners import runner
from rig.facts.plan import PlannedResource
from rig.facts.scene import Scene, Seen, label

DAY = 86400


def _known(scene: Scene) -> dict[str, set[str]]:
    """Return the values that each dimension of a metric may have: the names of what the plan holds."""
    root = scene.root
    return {
        "ClusterName": {cluster.values["name"] for cluster in root.of("aws_ecs_cluster")},
        "CapacityProviderName": {provider.values["name"] for provider in root.of("aws_ecs_capacity_provider")},
        "ServiceName": {service.values["name"] for service in root.of("aws_ecs_service")},
        "FunctionName": {function.values["function_name"] for function in root.of("aws_lambda_function")},
        "AutoScalingGroupName": {group.values["name"] for group in root.of("aws_autoscaling_group")},
        "LoadBalancer": {balancer.values["arn_suffix"] for balancer in root.of("aws_lb")},
        "TargetGroup": {group.values["arn_suffix"] for group in root.of("aws_lb_target_group")},
        "DBInstanceIdentifier": {server.values["identifier"] for server in root.of("aws_db_instance")},
        "QueueName": {queue.values["name"] for queue in root.of("aws_sqs_queue")},
        "ScheduleGroup": {group.values["name"] for group in root.of("aws_scheduler_schedule_group")},
        "HealthCheckId": {check.values["id"] for check in root.of("aws_route53_health_check")},
        "NatGatewayId": {gateway.values["id"] for gateway in root.of("aws_nat_gateway")},
        "CertificateArn": {certificate.values["arn"] for certificate in root.of("aws_acm_certificate")},
        "FileSystemId": {store.values["id"] for store in root.of("aws_efs_file_system")},
        "CacheNodeId": {"0001"},
        "CacheClusterId": {
            f"{group.values['replication_group_id']}-{number:03}"
            for group in root.of("aws_elasticache_replication_group")
            for number in range(1, group.values["num_cache_clusters"] + 1)
        },
    }


def _dimensions(alarm: PlannedResource) -> list[Mapping[str, str]]:
    """Return the dimensions of each metric that an alarm looks at."""
    single = alarm.at("dimensions")
    queries = [query["metric"][0].get("dimensions") for query in alarm.blocks("metric_query") if query.get("metric")]
    return [found for found in [single, *queries] if found]


def alarms_watch_what_exists(scene: Scene) -> Iterator[Seen]:
    """Every dimension names a resource of the plan, and an alarm names each service and each thing that stores."""
    known = _known(scene)
    named: set[tuple[str, str]] = set()
    for alarm in scene.root.of("aws_cloudwatch_metric_alarm"):
        dimensions = [item for found in _dimensions(alarm) for item in found.items()]
        named |= set(dimensions)
        strange = sorted(f"{name} {value}" for name, value in dimensions if value not in known.get(name, set()))
        yield Seen.of(alarm.address, {f"watches {strange}": bool(strange), "watches nothing": not dimensions})
    for name in scene.containers("service", "worker", "function"):
        yield Seen.of(name, {"no alarm watches it": runner(scene, name).dimension not in named})
    for name in scene.deployment.storage.databases:
        identifier = scene.root.get("aws_db_instance", label(name)).values["identifier"]
        yield Seen.of(name, {"no alarm watches it": ("DBInstanceIdentifier", identifier) not in named})
    for name in scene.deployment.storage.caches:
        group = scene.root.get("aws_elasticache_replication_group", label(name)).values["replication_group_id"]
        yield Seen.of(name, {"no alarm watches it": ("CacheClusterId", f"{group}-001") not in named})
    for store in scene.root.of("aws_efs_file_system"):
        yield Seen.of(store.address, {"no alarm watches it": ("FileSystemId", store.at("id")) not in named})
    for name in scene.deployment.storage.queues:
        letters = scene.root.get("aws_sqs_queue", f"{label(name)}_dead_letter").values["name"]
        yield Seen.of(name, {"no alarm watches its dead letters": ("QueueName", letters) not in named})
    if scene.deployment.monitoring.uptime_checks and scene.deployment.load_balancer:
        domain = scene.deployment.load_balancer.domain
        check = scene.root.only("aws_route53_health_check")
        yield Seen.of(
            check.address,
            {
                "no alarm watches it": ("HealthCheckId", check.values["id"]) not in named,
                "asks another host": domain is not None and check.at("fqdn") != domain,
            },
        )


def alarms_tell_somebody(scene: Scene) -> Iterator[Seen]:
    """Each alarm publishes to a topic, and each address of the spec is subscribed to it."""
    emails = scene.deployment.monitoring.alerts.email
    if not emails:
        return
    subscribed: dict[str, set[str]] = {topic.values["arn"]: set() for topic in scene.root.of("aws_sns_topic")}
    for subscription in scene.root.where("aws_sns_topic_subscription", protocol="email"):
        subscribed.setdefault(subscription.values["topic_arn"], set()).add(subscription.values["endpoint"])
    for alarm in scene.root.of("aws_cloudwatch_metric_alarm"):
        (topic,) = alarm.at("alarm_actions") or [""]
        hears = subscribed.get(topic, set())
        yield Seen.of(
            alarm.address,
            {
                "tells nobody": topic not in subscribed or alarm.at("actions_enabled") is False,
                f"{sorted(set(emails) - hears)} does not hear of it": not set(emails) <= hears,
            },
        )


def logs_are_kept_as_written(scene: Scene) -> Iterator[Seen]:
    """Each container writes to a group of its own, kept as long as the spec says or the next longer time on offer."""
    days = scene.deployment.monitoring.logs.retention // DAY
    for name in scene.containers():
        group = scene.root.get("aws_cloudwatch_log_group", label(name))
        key = scene.root.get("aws_kms_key", "main").values["arn"] if scene.own_key else None
        yield Seen.of(
            name,
            {
                "writes to another group": runner(scene, name).log_group != group.values["name"],
                f"logs are kept {group.at('retention_in_days')} days": not days
                <= (group.at("retention_in_days") or 0)
                <= max(days * 2, 30),
                "logs are encrypted with another key": key is not None and group.at("kms_key_id") != key,
            },
        )
