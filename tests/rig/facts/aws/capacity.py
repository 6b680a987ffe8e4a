"""What tasks of ECS run on: Fargate, or machines that they share, and what those machines may do."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rig.facts.aws.machines import SESSIONS
from rig.facts.plan import PlannedResource
from rig.facts.scene import Scene

FARGATE = {"serverless": "FARGATE", "spot": "FARGATE_SPOT"}
AGENT: Mapping[str, str] = {
    "ecs:DiscoverPollEndpoint": r"\*",
    "ecs:RegisterContainerInstance": r"arn:aws[a-z-]*:ecs:[^*]+:cluster/[\w-]+",
    "ecs:DeregisterContainerInstance": r"arn:aws[a-z-]*:ecs:[^*]+:cluster/[\w-]+",
    "ecs:Poll": r"arn:aws[a-z-]*:ecs:[^*]+:container-instance/[\w-]+/\*",
    "ecs:StartTelemetrySession": r"arn:aws[a-z-]*:ecs:[^*]+:container-instance/[\w-]+/\*",
    "ecs:UpdateContainerInstancesState": r"arn:aws[a-z-]*:ecs:[^*]+:container-instance/[\w-]+/\*",
    "ecs:SubmitAttachmentStateChanges": r"arn:aws[a-z-]*:ecs:[^*]+:cluster/[\w-]+",
    "ecs:SubmitContainerStateChange": r"arn:aws[a-z-]*:ecs:[^*]+:cluster/[\w-]+",
    "ecs:SubmitTaskStateChange": r"arn:aws[a-z-]*:ecs:[^*]+:cluster/[\w-]+",
    "ecs:TagResource": r"arn:aws[a-z-]*:ecs:[^*]+:container-instance/[\w-]+/\*",
    **SESSIONS,
}
"""What machines of a cluster may do, and on what, as a regular expression: join it, and give people a shell."""
SPREAD, BINPACK = ("spread", "attribute:ecs.availability-zone"), ("binpack", "memory")


@dataclass(frozen=True)
class Runs:
    """A task definition with its container, the capacity that its runner asks for, and where it is placed there."""

    container: Mapping[str, Any]
    definition: PlannedResource
    strategy: list[Mapping[str, Any]]
    placement: list[tuple[str, str]]


def faults(task: Runs, scene: Scene, granted: Mapping[str, set[tuple[str, str]]]) -> dict[str, bool]:
    """What is wrong with what a task runs on; `granted` has the grants of each role by its name."""
    container = scene.deployment.containers[str(task.container["name"])]
    capacity = scene.deployment.capacity(container)
    asked = [block["capacity_provider"] for block in task.strategy]
    made_for = task.definition.at("requires_compatibilities")
    if capacity in FARGATE:
        return {
            f"asks for {asked}": asked != [FARGATE[capacity]],
            "is made for machines": made_for != ["FARGATE"],
            "places tasks where AWS does": bool(task.placement),
        }
    found = [each for each in scene.root.of("aws_ecs_capacity_provider") if [each.values["name"]] == asked]
    if not found:
        return {f"asks for {asked}, which is no machines of its own": True}
    block = found[0].values["auto_scaling_group_provider"][0]
    (group,) = scene.root.where("aws_autoscaling_group", arn=block["auto_scaling_group_arn"])
    spot = bool(group.blocks("mixed_instances_policy"))
    arm = scene.deployment.architecture(container) == "arm64"
    template = _template(scene, group)
    told = base64.b64decode(template.values["user_data"]).decode()
    cluster = scene.root.get("aws_ecs_cluster", "main").values["name"]
    wanted = [BINPACK] if container.kind == "job" else [SPREAD, BINPACK]
    return {
        "is made for Fargate": made_for != ["EC2"],
        "is not placed by zone, then where it fits tightest": task.placement != wanted,
        "runs on spot machines or on others, unlike the spec": spot is not (capacity == "spot_instances"),
        "its machines have another processor": ("arm64" in str(template.values["name"])) is not arm,
        "its machines do not follow its tasks": block["managed_scaling"][0]["status"] != "ENABLED",
        "its machines join another cluster": f"ECS_CLUSTER={cluster}\n" not in told,
        "may have the role of its machine": "ECS_AWSVPC_BLOCK_IMDS=true\n" not in told
        or template.at("metadata_options", "http_put_response_hop_limit") != 1,
        "metadata is given without a token": template.at("metadata_options", "http_tokens") != "required",
        "a key opens its machines": bool(template.at("key_name")),
        f"its machines may also do {sorted(_more(scene, template, granted))}": bool(_more(scene, template, granted)),
    }


def _template(scene: Scene, group: PlannedResource) -> PlannedResource:
    """The launch template of a group has the group's name."""
    (found,) = scene.root.where("aws_launch_template", name=group.values["name"])
    return found


def _more(scene: Scene, template: PlannedResource, granted: Mapping[str, set[tuple[str, str]]]) -> set[tuple[str, str]]:
    arn = template.at("iam_instance_profile", "arn")
    (profile,) = scene.root.where("aws_iam_instance_profile", arn=arn)
    own = granted[str(profile.values["role"])]
    return {(action, what) for action, what in own if not re.fullmatch(AGENT.get(action, "(?!)"), what)}
