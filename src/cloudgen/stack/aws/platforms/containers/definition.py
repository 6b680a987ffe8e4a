"""The container definition of a task, in the words of the ECS API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudgen.spec.containers import Container
from cloudgen.stack import contract
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.images import image
from cloudgen.stack.aws.platforms.connections import Connections
from cloudgen.stack.aws.secrets import Secret, value_from
from cloudgen.stack.base import Address, label
from cloudgen.stack.folders import folders
from cloudgen.stack.workload import Wanted, told


def definition(
    foundation: Foundation,
    wanted: Wanted,
    links: Connections,
    secrets: Mapping[str, Secret],
) -> Mapping[str, Any]:
    """The container definition, in the words of the ECS API.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
    """
    name, container = wanted.name, wanted.spec
    environment = told(wanted, links.given, secrets, foundation.problems)
    user = container.user or (contract.IMAGE_USER if container.built else None)
    definition: dict[str, Any] = {
        "name": name,
        "image": image(wanted),
        "essential": True,
    }
    if container.command is not None:
        definition["command"] = container.command
    if user is not None:
        definition["user"] = f"{user}:{user}"
    definition["readonlyRootFilesystem"] = container.is_read_only
    definition["linuxParameters"] = {"initProcessEnabled": True}
    if mounts := mount_points(container):
        definition["mountPoints"] = [
            {"sourceVolume": name, "containerPath": path, "readOnly": False} for name, path in mounts.items()
        ]
    if container.port is not None:
        definition["portMappings"] = [{"containerPort": container.port, "protocol": "tcp"}]
    if environment.variables:
        definition["environment"] = [{"name": each.name, "value": each.value} for each in environment.variables]
    if environment.secrets:
        definition["secrets"] = [{"name": each.name, "valueFrom": value_from(each)} for each in environment.secrets]
    definition["logConfiguration"] = {
        "logDriver": "awslogs",
        "options": {
            "awslogs-group": Address("aws_cloudwatch_log_group", label(name)).name,
            "awslogs-region": foundation.account.region,
            "awslogs-stream-prefix": name,
            # A full log buffer drops lines rather than stopping the application.
            "mode": "non-blocking",
            "max-buffer-size": "4m",
        },
    }
    return definition


def mount_points(container: Container) -> Mapping[str, str]:
    """Return the volumes of a task by their names: where each is mounted."""
    scratch = {"tmp": "/tmp"} if container.is_read_only else {}  # noqa: S108
    return {**scratch, **{folder.volume: folder.path for folder in folders(container)}}
