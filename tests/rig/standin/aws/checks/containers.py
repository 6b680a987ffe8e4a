"""ECS: what a task definition and a service may say."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rig.standin.cloud import Cloud
from rig.standin.configuration import Configuration
from rig.standin.violation import Violation

GIB = 1024
FARGATE: dict[int, Sequence[int]] = {
    256: (512, GIB, 2 * GIB),
    512: range(GIB, 4 * GIB + 1, GIB),
    1024: range(2 * GIB, 8 * GIB + 1, GIB),
    2048: range(4 * GIB, 16 * GIB + 1, GIB),
    4096: range(8 * GIB, 30 * GIB + 1, GIB),
    8192: range(16 * GIB, 60 * GIB + 1, 4 * GIB),
    16384: range(32 * GIB, 120 * GIB + 1, 8 * GIB),
}
"""CPU units -> MiB of memory, as the documentation's table has them; written down here once more, on purpose."""

HEALTH = {"interval": (5, 300), "timeout": (2, 60), "retries": (1, 10), "startPeriod": (0, 300)}
LONGEST_STOP = 120
"""Seconds."""
REFUSED = ("privileged", "links", "extraHosts", "hostname", "dnsServers", "disableNetworking")
"""What Fargate, or its network mode, does not have."""


def containers(resource: Configuration) -> list[dict[str, Any]]:
    """Return the containers of a task definition; none when they are unknown or no JSON."""
    try:
        found = json.loads(resource.get("container_definitions", "[]"))
    except ValueError:
        return []
    return found if isinstance(found, list) else []


def _wrong(text: str) -> Violation:
    return Violation(("container_definitions",), text)


def fargate_size(resource: Configuration) -> Iterator[Violation]:
    """CPU and memory of a task are one of Fargate's pairs."""
    if "FARGATE" not in resource.get("requires_compatibilities", []) or resource.has_unknown("memory"):
        return
    cpu, memory = int(resource.get("cpu", 0)), int(resource.get("memory", 0))
    if memory not in FARGATE.get(cpu, ()):
        yield Violation(resource.at("memory"), f"there is no Fargate task with {cpu} CPU units and {memory} MiB")


def fargate_network(resource: Configuration) -> Iterator[Violation]:
    """A Fargate task has an interface of its own, and its containers nothing of a host."""
    if "FARGATE" not in resource.get("requires_compatibilities", []):
        return
    if not resource.has_unknown("network_mode") and resource.get("network_mode") != "awsvpc":
        yield Violation(resource.at("network_mode"), "is awsvpc on Fargate")
    for container in containers(resource):
        for name in REFUSED:
            if container.get(name):
                yield _wrong(f"{container.get('name')}: {name} is not supported on Fargate")
        if (container.get("linuxParameters") or {}).get("tmpfs"):
            yield _wrong(f"{container.get('name')}: tmpfs is not supported on Fargate")


def container_names(resource: Configuration) -> Iterator[Violation]:
    """Containers have names of their own, one of them is essential, and they wait only for each other."""
    found = containers(resource)
    names = [str(container.get("name")) for container in found]
    for name, times in Counter(names).items():
        if times > 1 or not re.fullmatch(r"[\w-]{1,255}", name):
            yield _wrong(f"{name!r} is no name, or that of two containers")
    if found and not any(container.get("essential", True) for container in found):
        yield _wrong("no container is essential")
    checked = {container.get("name") for container in found if container.get("healthCheck")}
    for container in found:
        for need in container.get("dependsOn", []):
            there = checked if need.get("condition") == "HEALTHY" else names
            if need.get("containerName") not in there or need["containerName"] == container.get("name"):
                yield _wrong(f"{container.get('name')} waits for {need.get('containerName')}, and that never comes")


def container_settings(resource: Configuration) -> Iterator[Violation]:
    """A variable is set once, a volume is there, and times are within ECS's bounds."""
    volumes = {block.get("name") for block in resource.blocks("volume")}
    for container in containers(resource):
        missing = [mount.get("sourceVolume") for mount in container.get("mountPoints", [])]
        wrong = [f"there is no volume {name}" for name in missing if name not in volumes]
        for sentence in (*wrong, *_variables(container), *_times(container)):
            yield _wrong(f"{container.get('name')}: {sentence}")


def _variables(container: Mapping[str, Any]) -> Iterator[str]:
    names = [str(item.get("name")) for part in ("environment", "secrets") for item in container.get(part, [])]
    yield from (f"{name} is set {times} times" for name, times in Counter(names).items() if times > 1)
    for item in container.get("secrets", []):
        if not re.match(r"arn:aws[\w-]*:(secretsmanager|ssm):|[\w/.-]+\Z", str(item.get("valueFrom"))):
            yield f"{item.get('name')} comes from no secret or parameter"


def _times(container: Mapping[str, Any]) -> Iterator[str]:
    for key, (low, high) in HEALTH.items():
        value = (container.get("healthCheck") or {}).get(key)
        if value is not None and not low <= int(value) <= high:
            yield f"healthCheck.{key} {value} is not between {low} and {high}"
    if int(container.get("stopTimeout") or 0) > LONGEST_STOP:
        yield f"stopTimeout is more than {LONGEST_STOP} seconds"


def container_ports(resource: Configuration) -> Iterator[Violation]:
    """In an interface of its own a port belongs to one container, and is the host's port, too."""
    if resource.get("network_mode") != "awsvpc":
        return
    taken: set[tuple[Any, str]] = set()
    for container in containers(resource):
        for mapping in container.get("portMappings", []):
            port = mapping.get("containerPort")
            if mapping.get("hostPort", port) != port or (port, mapping.get("protocol", "tcp")) in taken:
                yield _wrong(f"{container.get('name')}: port {port} is taken, or another one on the host")
            taken.add((port, mapping.get("protocol", "tcp")))


def deployment(resource: Configuration) -> Iterator[Violation]:
    """A deployment can make progress, and only a service behind a load balancer has a grace period."""
    least, most = resource.get("deployment_minimum_healthy_percent"), resource.get("deployment_maximum_percent")
    if least is not None and most is not None and int(least) >= int(most):
        yield Violation(resource.at("deployment_minimum_healthy_percent"), f"{least} leaves nothing up to {most}")
    if resource.get("availability_zone_rebalancing") == "ENABLED" and most is not None and int(most) <= 100:
        yield Violation(resource.at("availability_zone_rebalancing"), "needs a maximum over 100 percent")
    if resource.is_set("health_check_grace_period_seconds") and not resource.is_set("load_balancer"):
        yield Violation(resource.at("health_check_grace_period_seconds"), "is for services behind load balancers")


def strategy(resource: Configuration) -> Iterator[Violation]:
    """At most one provider has a base, some provider a weight, and there is no launch type beside them."""
    blocks = list(resource.blocks("capacity_provider_strategy"))
    if not blocks:
        return
    if resource.is_set("launch_type"):
        yield Violation(resource.at("launch_type"), "conflicts with capacity_provider_strategy")
    if not any(int(block.get("weight", 0)) or block.has_unknown("weight") for block in blocks):
        yield Violation(resource.at("capacity_provider_strategy.weight"), "is 0 everywhere")
    if sum(bool(int(block.get("base", 0))) for block in blocks) > 1:
        yield Violation(resource.at("capacity_provider_strategy.base"), "more than one provider has a base")


def _definition(resource: Configuration, cloud: Cloud) -> Mapping[str, Any] | None:
    arn = resource.get("task_definition")
    for thing in cloud.all("aws_ecs_task_definition"):
        if arn is not None and arn in (thing.get("arn"), thing.get("family"), thing.get("arn_without_revision")):
            return thing.values
    return None


def target_container(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """The load balancer's container is in the task, with that port."""
    definition = _definition(resource, cloud)
    for block in resource.blocks("load_balancer") if definition else ():
        name, port = block.get("container_name"), block.get("container_port")
        ports = [
            mapping.get("containerPort")
            for container in containers(Configuration("", dict(definition or {})))
            if container.get("name") == name
            for mapping in container.get("portMappings", [])
        ]
        if port is not None and int(port) not in ports:
            yield Violation(block.at("container_port"), f"the container {name} has no port {port} in the task")


def task_logs(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A task starts only if the log groups of its containers are there."""
    definition = _definition(resource, cloud)
    groups = {thing.get("name"): thing for thing in cloud.all("aws_cloudwatch_log_group")}
    for container in containers(Configuration("", dict(definition or {}))):
        options = (container.get("logConfiguration") or {}).get("options") or {}
        name = options.get("awslogs-group")
        if name in groups:
            cloud.rely(groups[name])
        elif name:
            yield Violation(resource.at("task_definition"), f"there is no log group {name} yet")


def target_in_use(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A service registers at target groups that a listener uses."""
    for path, group in resource.find("load_balancer.target_group_arn"):
        users = [
            thing
            for thing in cloud.all("aws_lb_listener", "aws_lb_listener_rule")
            if group in json.dumps([thing.get("default_action"), thing.get("action")], default=str)
        ]
        if users:
            cloud.rely(*users)
        else:
            yield Violation(path, "the target group does not have an associated load balancer")
