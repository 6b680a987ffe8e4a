"""A container on machines of EC2: a launch template, and the Auto Scaling group that starts machines by it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cloudgen.spec.containers import Container
from rig.facts.plan import MissingResourceError, PlannedResource
from rig.facts.scene import Scene, label

CLOUD_CONFIG = "#cloud-config"
"""The first line of user data that cloud-init reads."""
SETTINGS = "/opt/container/settings.json"
REGION = ("AWS_REGION", "AWS_DEFAULT_REGION")
"""What every container is told, as on Fargate, where no task definition says it."""
SESSIONS: Mapping[str, str] = {
    "ssm:UpdateInstanceInformation": r"arn:aws[a-z-]*:ec2:[a-z0-9-]+:\d{12}:instance/\*",
    "ssmmessages:CreateControlChannel": r"\*",
    "ssmmessages:CreateDataChannel": r"\*",
    "ssmmessages:OpenControlChannel": r"\*",
    "ssmmessages:OpenDataChannel": r"\*",
}
"""What a shell by Session Manager takes, and on what, as a regular expression."""


@dataclass(frozen=True)
class Machines:
    """A container of the spec, as a group of machines runs it."""

    name: str
    definition: PlannedResource
    """The aws_launch_template."""
    runner: PlannedResource
    """The aws_autoscaling_group."""
    settings: Mapping[str, Any]
    """What a machine is told when it starts."""
    invoked = False

    def told_of_start(self, container: Container) -> dict[str, str]:  # noqa: ARG002
        """Nothing: it serves from the start, or runs a command."""
        return {}

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables of the spec, without the secret ones."""
        return {name: value for name, value in self.settings["environment"].items() if name not in REGION}

    @property
    def secrets(self) -> dict[str, str]:
        """The secret environment variables: where each comes from, as `ARN:KEY`."""
        return {name: f"{place['secret']}:{place.get('key', '')}" for name, place in self.settings["secrets"].items()}

    @property
    def groups(self) -> list[str]:
        """The ids of its security groups."""
        return list(self.definition.at("vpc_security_group_ids") or [])

    @property
    def subnets(self) -> list[str]:
        """The ids of its subnets."""
        return list(self.runner.at("vpc_zone_identifier") or [])

    @property
    def hidden(self) -> bool:
        """Whether it has no public address: the subnets give none, and the template asks for none."""
        return not self.definition.blocks("network_interfaces")

    @property
    def log_group(self) -> str | None:
        """The name of the group that it writes its log to."""
        start = "--log-opt=awslogs-group="
        return next((each.removeprefix(start) for each in self.settings["options"] if each.startswith(start)), None)

    @property
    def roles(self) -> tuple[str, str]:
        """The label of its role, twice: a machine starts the container by itself."""
        return f"{label(self.name)}_machine", f"{label(self.name)}_machine"

    @property
    def principal(self) -> str:
        """Who assumes it."""
        return "ec2.amazonaws.com"

    @property
    def starts_itself(self) -> Mapping[str, str]:
        """What it may do beside pulling the image, writing the log and reading secrets: give people a shell."""
        return SESSIONS

    @property
    def target_group(self) -> str | None:
        """The ARN of the target group that its machines register with."""
        found = self.runner.at("target_group_arns") or []
        return found[0] if len(found) == 1 else None

    @property
    def dimension(self) -> tuple[str, str]:
        """What metrics know it by."""
        return "AutoScalingGroupName", str(self.runner.values["name"])

    @property
    def needs(self) -> dict[str, str]:
        """Nothing else."""
        return {}

    def port_faults(self, container: Container, group: PlannedResource | None) -> dict[str, bool]:
        """What is wrong with the way of a request to it."""
        faults = {"it is told another port": self.variables.get("PORT") != str(container.port)}
        if group is None:
            return faults
        return faults | {
            "the load balancer talks to another port": group.at("port") != container.port,
            "the target group holds no instances": group.at("target_type") != "instance",
            "a broken container is left alone": self.runner.at("health_check_type") != "ELB",
            "a new machine has less time to start": self.runner.at("health_check_grace_period")
            < container.health_check.grace_period,
        }

    def identities(self) -> set[str]:
        """The instance profile by which it has its role."""
        return {str(self.definition.at("iam_instance_profile", "arn"))}

    def privileges(self, container: Container) -> dict[str, bool]:
        """What the container may do beyond its work, and what people may do with the machine."""
        options = self.settings["options"]
        users = [each.removeprefix("--user=").partition(":")[0] for each in options if each.startswith("--user=")]
        ours = container.built or container.user is not None
        metadata = (self.definition.blocks("metadata_options") or [{}])[0]
        disks = [each.get("ebs", [{}])[0] for each in self.definition.blocks("block_device_mappings")]
        return {
            "runs as root": users in (["0"], ["root"]) or (ours and not users),
            "is privileged": "--privileged" in options,
            "keeps capabilities": "--cap-drop=ALL" not in options or any("cap-add" in each for each in options),
            "can get new privileges": "--security-opt=no-new-privileges" not in options,
            "its root file system is not as the spec says": ("--read-only" in options) != container.is_read_only,
            "metadata is given without a token": metadata.get("http_tokens") != "required",
            "metadata reaches further than the machine": metadata.get("http_put_response_hop_limit") != 1,
            "a key opens it": bool(self.definition.at("key_name")),
            "a disk is not encrypted": not disks or any(str(disk.get("encrypted")) != "true" for disk in disks),
        }

    def capacity_faults(self, scene: Scene) -> dict[str, bool]:
        """What is wrong with how its machines are paid."""
        wanted = scene.deployment.capacity(scene.deployment.containers[self.name]) in {"spot", "spot_instances"}
        return {
            "runs on spot machines or on others, unlike the spec": bool(self.runner.blocks("mixed_instances_policy"))
            is not wanted
        }

    def limits(self, scene: Scene) -> list[tuple[int, int]]:  # noqa: ARG002
        """The limits between which it scales."""
        return [(self.runner.at("min_size"), self.runner.at("max_size"))]

    def policies(self, scene: Scene) -> list[PlannedResource]:
        """What moves it between them."""
        return scene.root.where("aws_autoscaling_policy", autoscaling_group_name=self.runner.values["name"])

    def scaling_faults(self, scene: Scene, least: int, most: int, *, fixed: bool) -> dict[str, bool]:  # noqa: ARG002
        """What is wrong with how many run."""
        found = self.limits(scene)
        return {
            f"scales between {found}": found != [(least, most)],
            "machines go before new ones serve": self.runner.at("instance_maintenance_policy", "min_healthy_percentage")
            != 100,
        }


def machines(scene: Scene, name: str) -> Machines:
    """Return what runs a container. Raises MissingResourceError."""
    template = scene.root.get("aws_launch_template", label(name))
    group = scene.root.get("aws_autoscaling_group", label(name))
    settings = told(template.values)
    if settings["name"] != name:
        raise MissingResourceError(f"{template.address} starts {settings['name']}")
    return Machines(name, template, group, settings)


def is_of_a_container(template: Mapping[str, Any]) -> bool:
    """Whether machines of a launch template run one container, and are told which; those of a cluster are not."""
    return base64.b64decode(template["user_data"]).startswith(f"{CLOUD_CONFIG}\n".encode())


def told(template: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a machine of a launch template is told. Raises MissingResourceError for other user data."""
    head, _, body = base64.b64decode(template["user_data"]).decode().partition("\n")
    if head != CLOUD_CONFIG:
        raise MissingResourceError(f"{template['name']} begins with {head}")
    files = {file["path"]: file["content"] for file in json.loads(body)["write_files"]}
    found: Mapping[str, Any] = json.loads(files[SETTINGS])
    return found
