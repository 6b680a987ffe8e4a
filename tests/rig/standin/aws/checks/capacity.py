"""ECS: the capacity of a cluster, capacity providers over Auto Scaling groups, and what tasks may ask of it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from rig.standin.cloud import Cloud, Thing
from rig.standin.configuration import Configuration
from rig.standin.violation import Violation

OURS = ("aws", "ecs", "fargate")
FARGATE = ("FARGATE", "FARGATE_SPOT")
MANAGED = "AmazonECSManaged"


def provider_name(resource: Configuration) -> Iterator[Violation]:
    """A capacity provider has a name of its own, that is none of AWS's."""
    name = resource.get("name")
    if isinstance(name, str) and name.lower().startswith(OURS):
        yield Violation(resource.at("name"), f"cannot begin with {', '.join(OURS)}")


def target(resource: Configuration) -> Iterator[Violation]:
    """As many machines as tasks take is 100 percent; 0 is none at all."""
    for path, percent in resource.find("auto_scaling_group_provider.managed_scaling.target_capacity"):
        if isinstance(percent, int) and not 1 <= percent <= 100:
            yield Violation(path, "is between 1 and 100")


def placement(resource: Configuration) -> Iterator[Violation]:
    """Fargate places tasks by itself; zones are rebalanced where they come first."""
    strategies = list(resource.blocks("ordered_placement_strategy"))
    asked = {block.get("capacity_provider") for block in resource.blocks("capacity_provider_strategy")}
    if strategies and asked & set(FARGATE):
        yield Violation(("ordered_placement_strategy",), "is not supported with Fargate")
    rebalances = resource.get("availability_zone_rebalancing") == "ENABLED"
    if strategies and rebalances and strategies[0].get("field") != "attribute:ecs.availability-zone":
        yield Violation(strategies[0].at("field"), "availability zones come first, or rebalancing is off")
    for strategy in strategies:
        if strategy.get("type") == "binpack" and strategy.get("field") not in ("cpu", "memory"):
            yield Violation(strategy.at("field"), "binpack is by cpu or memory")


def mixed(resource: Configuration) -> Iterator[Violation]:
    """A strategy has providers of Fargate, or of machines, not both."""
    asked = [block.get("capacity_provider") for block in resource.blocks("capacity_provider_strategy")]
    known = [name for name in asked if isinstance(name, str)]
    if any(name in FARGATE for name in known) and not all(name in FARGATE for name in known):
        yield Violation(resource.at("capacity_provider_strategy"), "Fargate and Auto Scaling groups cannot be mixed")


def _group(arn: Any, cloud: Cloud) -> Thing | None:
    return next((each for each in cloud.all("aws_autoscaling_group") if each.get("arn") == arn), None)


def protected(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """Managed termination protection takes protected machines and managed scaling; a group has one provider."""
    for block in resource.blocks("auto_scaling_group_provider"):
        group = _group(block.get("auto_scaling_group_arn"), cloud)
        if block.get("managed_termination_protection") == "ENABLED":
            if group is not None and group.get("protect_from_scale_in") is not True:
                yield Violation(
                    block.at("managed_termination_protection"),
                    "the Auto Scaling group's machines are not protected from scale-in",
                )
            if not any(each.get("status") == "ENABLED" for each in block.blocks("managed_scaling")):
                yield Violation(block.at("managed_termination_protection"), "takes managed scaling")
        for other in cloud.all("aws_ecs_capacity_provider"):
            for theirs in other.get("auto_scaling_group_provider") or []:
                taken = theirs.get("auto_scaling_group_arn") == block.get("auto_scaling_group_arn")
                if taken and group is not None and other.get("name") != resource.get("name"):
                    yield Violation(
                        block.at("auto_scaling_group_arn"), "is already being used by another capacity provider"
                    )


def _definition(arn: Any, cloud: Cloud) -> Thing | None:
    names = ("arn", "family", "arn_without_revision")
    found = cloud.all("aws_ecs_task_definition")
    return next((each for each in found if arn is not None and arn in [each.get(name) for name in names]), None)


def _asked(resource: Configuration) -> Iterator[Configuration]:
    yield from resource.blocks("capacity_provider_strategy")
    yield from resource.blocks("target.ecs_parameters.capacity_provider_strategy")


def associated(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A service or schedule asks for capacity that its cluster has, and its task is made for it."""
    associations = list(cloud.all("aws_ecs_cluster_capacity_providers"))
    has = {name for each in associations for name in each.get("capacity_providers") or []}
    arns = [
        resource.get("task_definition"),
        *(arn for _, arn in resource.find("target.ecs_parameters.task_definition_arn")),
    ]
    for block in _asked(resource):
        name = block.get("capacity_provider")
        if not isinstance(name, str):
            continue
        if name not in has:
            yield Violation(block.at("capacity_provider"), f"the capacity provider {name} is not of the cluster")
        else:
            cloud.rely(*associations)
        for task in filter(None, (_definition(arn, cloud) for arn in arns)):
            wanted = "FARGATE" if name in FARGATE else "EC2"
            if wanted not in (task.get("requires_compatibilities") or [wanted]):
                yield Violation(block.at("capacity_provider"), f"the task definition does not support {wanted}")


def stays(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A cluster keeps the capacity that tasks run on."""
    names = resource.get("capacity_providers")
    if not isinstance(names, list | set | tuple) or resource.has_unknown("capacity_providers"):
        return
    for thing in cloud.all("aws_ecs_service"):
        for block in thing.get("capacity_provider_strategy") or []:
            if block.get("capacity_provider") not in names:
                yield Violation(
                    resource.at("capacity_providers"),
                    f"ResourceInUseException: {block.get('capacity_provider')} is in use and cannot be removed",
                )


def tagged(cloud: Cloud) -> Iterator[str]:
    """ECS tags the group of a capacity provider; a plan that does not know the tag takes it away each time."""
    for provider in cloud.all("aws_ecs_capacity_provider"):
        for block in provider.get("auto_scaling_group_provider") or []:
            group = _group(block.get("auto_scaling_group_arn"), cloud)
            tags = {each.get("key") for each in (group.get("tag") if group else None) or []}
            if group is not None and MANAGED not in tags:
                yield f"the group {group.get('name')} lacks the tag {MANAGED}, which ECS adds"


def joined(cloud: Cloud) -> Iterator[str]:
    """Machines of a capacity provider join a cluster that has it."""
    clusters = {each.get("name") for each in cloud.all("aws_ecs_cluster")}
    for template in cloud.all("aws_launch_template"):
        text = _decoded(template.get("user_data"))
        for line in text.splitlines():
            key, _, value = line.partition("=")
            if key == "ECS_CLUSTER" and value not in clusters:
                yield f"machines of {template.get('name')} look for a cluster {value}, which is not there"


def _decoded(data: Any) -> str:
    try:
        return base64.b64decode(str(data or ""), validate=True).decode()
    except ValueError:
        return ""
