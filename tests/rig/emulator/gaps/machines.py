"""EC2 and its Auto Scaling: what groups, policies and launch templates keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.autoscaling.models import AutoScalingBackend, FakeScalingPolicy
from moto.autoscaling.responses import AutoScalingResponse as Groups
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import camelcase_to_underscores
from moto.ec2.models.launch_templates import LaunchTemplate
from moto.ec2.responses.launch_templates import LaunchTemplates
from moto.ec2.utils import parse_user_data

KEPT = ("DefaultInstanceWarmup", "InstanceMaintenancePolicy")


def mend_machine_groups() -> None:
    """Keep the settings that a group is given, for DescribeAutoScalingGroups to return."""
    Groups.create_auto_scaling_group = _keeping(Groups.create_auto_scaling_group)
    Groups.update_auto_scaling_group = _keeping(Groups.update_auto_scaling_group)


def _keeping(operation: Callable[[Groups], ActionResult]) -> Callable[[Groups], ActionResult]:
    def keep(self: Groups) -> ActionResult:
        answer = operation(self)
        (group,) = self.autoscaling_backend.describe_auto_scaling_groups([self._get_param("AutoScalingGroupName")])
        for name in KEPT:
            value = self._get_params().get(name)
            if value is not None:
                # moto's serializer looks attributes up by their Python names.
                setattr(group, camelcase_to_underscores(name), value)
        return answer

    return keep


def mend_policy_names() -> None:
    """Keep policies by group and name: groups may have policies of one name."""
    put = AutoScalingBackend.put_scaling_policy

    def put_in_its_group(self: AutoScalingBackend, name: str, **settings: Any) -> FakeScalingPolicy:
        policy = put(self, name, **settings)
        self.policies[f"{policy.auto_scaling_group_name} {name}"] = self.policies.pop(name)
        return policy

    def delete(self: Groups) -> ActionResult:
        name = f"{self._get_param('AutoScalingGroupName')} {self._get_param('PolicyName')}"
        self.autoscaling_backend.policies.pop(name, None)
        return EmptyResult()

    AutoScalingBackend.put_scaling_policy = put_in_its_group
    Groups.delete_policy = delete


def mend_group_policies() -> None:
    """Let a policy be enabled, and have a prediction only where it was given one."""
    begin = FakeScalingPolicy.__init__

    def complete(self: FakeScalingPolicy, *settings: Any, **named: Any) -> None:
        begin(self, *settings, **named)
        self.enabled = True
        self.predictive_scaling_configuration = self.predictive_scaling_configuration or None

    FakeScalingPolicy.__init__ = complete


def mend_template_tags() -> None:
    """Keep a template's own tags out of what its machines get."""
    first = LaunchTemplates.create_launch_template

    def create(self: LaunchTemplates) -> ActionResult:
        answer = first(self)
        template = self.ec2_backend.get_launch_template(answer.result["LaunchTemplate"]["LaunchTemplateId"])
        data = template.latest_version().data
        tags = [each for each in data.get("TagSpecifications", []) if each["ResourceType"] != "launch-template"]
        data["TagSpecifications"] = tags
        return answer

    LaunchTemplates.create_launch_template = create


def mend_template_versions() -> None:
    """Read the user data of later versions, too; moto reads that of the first."""
    add = LaunchTemplate.create_version

    def create_version(self: LaunchTemplate, data: dict[str, object], description: str) -> object:
        if isinstance(data.get("UserData"), str):
            data["UserData"] = parse_user_data(data["UserData"])
        return add(self, data, description)

    LaunchTemplate.create_version = create_version


def mend_refreshes() -> None:
    """Start a refresh of a group, which is over at once: the emulated machines run nothing."""

    def start(self: Groups) -> ActionResult:
        self.autoscaling_backend.describe_auto_scaling_groups([self._get_param("AutoScalingGroupName")])
        return ActionResult({"InstanceRefreshId": "08b91cf7-8fa6-48af-b6a6-d227f40f1b9b"})

    def describe(self: Groups) -> ActionResult:
        self.autoscaling_backend.describe_auto_scaling_groups([self._get_param("AutoScalingGroupName")])
        return ActionResult({"InstanceRefreshes": []})

    Groups.start_instance_refresh = start
    Groups.describe_instance_refreshes = describe
