"""What runs a container on AWS: a task definition, and the service or the schedule that starts its tasks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rig.facts.plan import MissingResourceError, PlannedResource
from rig.facts.scene import Scene, label


@dataclass(frozen=True)
class Task:
    """A container of the spec, as ECS runs it."""

    definition: PlannedResource
    container: Mapping[str, Any]
    runner: PlannedResource
    """The aws_ecs_service, or the aws_scheduler_schedule of a job."""
    network: Mapping[str, Any]
    """The runner's network configuration."""

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables, without the secret ones."""
        return {item["name"]: item["value"] for item in self.container.get("environment", [])}

    @property
    def secrets(self) -> dict[str, str]:
        """The secret environment variables: where each comes from."""
        return {item["name"]: item["valueFrom"] for item in self.container.get("secrets", [])}

    @property
    def groups(self) -> list[str]:
        """The ids of its security groups."""
        return list(self.network.get("security_groups") or [])


def task(scene: Scene, name: str) -> Task:
    """Return what runs a container. Raises MissingResourceError."""
    definition = scene.root.get("aws_ecs_task_definition", label(name))
    containers = json.loads(definition.values["container_definitions"])
    if [container["name"] for container in containers] != [name]:
        raise MissingResourceError(f"{definition.address} has {len(containers)} containers, or one of another name")
    if scene.deployment.containers[name].kind == "job":
        runner = scene.root.get("aws_scheduler_schedule", label(name))
        parameters = runner.at("target", "ecs_parameters") or [{}]
        network = PlannedResource("", "", "", parameters[0], frozenset()).at("network_configuration") or [{}]
        return Task(definition, containers[0], runner, network[0])
    runner = scene.root.get("aws_ecs_service", label(name))
    return Task(definition, containers[0], runner, (runner.blocks("network_configuration") or [{}])[0])


def statements(scene: Scene, role: str) -> list[Mapping[str, Any]]:
    """Return the statements of all policies of a role, by the role's label."""
    wanted = scene.root.get("aws_iam_role", role).values["name"]
    policies = scene.root.where("aws_iam_role_policy", role=wanted)
    return [statement for policy in policies for statement in policy_statements(policy.values["policy"])]


def policy_statements(policy: str) -> list[Mapping[str, Any]]:
    """Return the statements of a policy document."""
    found = json.loads(policy)["Statement"]
    return found if isinstance(found, list) else [found]


def many(value: str | list[str] | None) -> list[str]:
    """Return a list, where IAM lets one item stand for a list of one."""
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)


def grants(found: Iterable[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """Return the pairs of action and resource that statements allow."""
    return {
        (action, resource)
        for statement in found
        if statement["Effect"] == "Allow"
        for action in many(statement.get("Action"))
        for resource in many(statement.get("Resource"))
    }
