"""EC2: launch templates, and the Auto Scaling groups that start machines by them."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from typing import Any

from rig.standin.cloud import Cloud
from rig.standin.configuration import Configuration
from rig.standin.violation import Violation

USER_DATA = 16 * 1024
"""Bytes, before they are encoded."""
LONGEST_LIFE = (86_400, 31_536_000)
UNCHANGED = -1
TARGETS = re.compile(r"app/[^/]+/[^/]+/targetgroup/[^/]+/[^/]+")
CRON = re.compile(r"[\d*/,-]+( [\d*/,-]+){4}")


def template_name(resource: Configuration) -> Iterator[Violation]:
    """A launch template has a name of 3 to 128 signs; the group's name of 255 is no limit in practice."""
    name = resource.get("name")
    if isinstance(name, str) and not re.fullmatch(r"[a-zA-Z0-9().\-/_]{3,128}", name):
        yield Violation(resource.at("name"), "has 3 to 128 letters, digits and ( ) . - / _")


def user_data(resource: Configuration) -> Iterator[Violation]:
    """User data is base64, and at most 16 KiB before that."""
    text = resource.get("user_data")
    if not isinstance(text, str) or not text:
        return
    try:
        size = len(base64.b64decode(text, validate=True))
    except binascii.Error:
        yield Violation(resource.at("user_data"), "Invalid BASE64 encoding of user data")
        return
    if size > USER_DATA:
        yield Violation(resource.at("user_data"), f"has {size} bytes, and may have {USER_DATA}")


def template_disk(resource: Configuration) -> Iterator[Violation]:
    """A key takes an encrypted disk."""
    for disk in resource.blocks("block_device_mappings.ebs"):
        if (
            disk.get("kms_key_id")
            and not disk.has_unknown("encrypted")
            and str(disk.get("encrypted")).lower() != "true"
        ):
            yield Violation(disk.at("kms_key_id"), "a key takes encrypted: true")


def template_network(resource: Configuration) -> Iterator[Violation]:
    """Security groups stand at the template or at its interfaces, and metadata travels 1 to 64 hops."""
    if resource.is_set("vpc_security_group_ids") and resource.is_set("network_interfaces"):
        yield Violation(("network_interfaces",), "may not come beside vpc_security_group_ids")
    for path, hops in resource.find("metadata_options.http_put_response_hop_limit"):
        if not 1 <= hops <= 64:
            yield Violation(path, "is between 1 and 64")


def group_bounds(resource: Configuration) -> Iterator[Violation]:
    """The least is not above the most, and a machine's longest life is a day at least."""
    least, most, wanted = (resource.get(name) for name in ("min_size", "max_size", "desired_capacity"))
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield Violation(resource.at("min_size"), "is greater than max_size")
    if all(isinstance(each, int) for each in (least, most, wanted)) and not least <= wanted <= most:
        yield Violation(resource.at("desired_capacity"), "is not between min_size and max_size")
    life = resource.get("max_instance_lifetime")
    if isinstance(life, int) and life and not LONGEST_LIFE[0] <= life <= LONGEST_LIFE[1]:
        yield Violation(resource.at("max_instance_lifetime"), "is 0, or between a day and a year")


def group_starts(resource: Configuration) -> Iterator[Violation]:
    """A group starts machines in one way."""
    known = ("launch_template", "mixed_instances_policy", "launch_configuration")
    ways = [name for name in known if resource.is_set(name)]
    if len(ways) != 1:
        yield Violation(("launch_template",), f"one way to start machines, not {len(ways)}")


def maintenance(resource: Configuration) -> Iterator[Violation]:
    """The bounds of a replacement are at most 100 percent apart."""
    for policy in resource.blocks("instance_maintenance_policy"):
        least, most = policy.get("min_healthy_percentage"), policy.get("max_healthy_percentage")
        if not (isinstance(least, int) and isinstance(most, int)) or least == most == UNCHANGED:
            continue
        if not 0 <= least <= 100 <= most <= 200 or most - least > 100:
            yield Violation(policy.path, f"{least} and {most} percent are out of bounds")


def tracking(resource: Configuration) -> Iterator[Violation]:
    """Target tracking has one metric, and nothing of the other kinds of policies."""
    if resource.get("policy_type") != "TargetTrackingScaling":
        return
    for name in ("adjustment_type", "cooldown", "scaling_adjustment"):
        if resource.is_set(name):
            yield Violation(resource.at(name), "is not for target tracking")
    for target in resource.blocks("target_tracking_configuration"):
        kinds = ("predefined_metric_specification", "customized_metric_specification")
        if sum(target.is_set(kind) for kind in kinds) != 1:
            yield Violation(target.path, "has one metric")
        for metric in target.blocks("predefined_metric_specification"):
            label = metric.get("resource_label")
            if isinstance(label, str) and not TARGETS.fullmatch(label):
                yield Violation(metric.at("resource_label"), f"{label} names no target group")


def scheduled(resource: Configuration) -> Iterator[Violation]:
    """A scheduled action has five fields of cron, a bound that changes, and bounds in order."""
    recurrence = resource.get("recurrence")
    if isinstance(recurrence, str) and not CRON.fullmatch(recurrence):
        yield Violation(resource.at("recurrence"), "is no cron expression with five fields")
    bounds = [resource.get(name) for name in ("min_size", "max_size", "desired_capacity")]
    known = [each for each in bounds if isinstance(each, int) and each != UNCHANGED]
    if len([each for each in bounds if each == UNCHANGED]) == len(bounds):
        yield Violation(resource.at("min_size"), "changes nothing")
    if len(known) > 1 and bounds[0] not in (None, UNCHANGED) and bounds[0] > min(known):
        yield Violation(resource.at("min_size"), "is greater than another bound")


def targets_fit(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A group registers instances, so its target groups hold instances."""
    for path, found in resource.find("target_group_arns"):
        for target in cloud.all("aws_lb_target_group"):
            if target.get("arn") in found and target.get("target_type") != "instance":
                yield Violation(path, f"holds targets of type {target.get('target_type')}")


def profile_exists(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """An instance profile is there before a template names it."""
    for path, arn in resource.find("iam_instance_profile.arn"):
        if arn not in {each.get("arn") for each in cloud.all("aws_iam_instance_profile")}:
            yield Violation(path, "Invalid IAM Instance Profile ARN")


def machines_start(cloud: Cloud) -> Iterator[str]:
    """A disk that is encrypted with a key of one's own starts only if EC2 Auto Scaling may use the key."""
    for template in cloud.all("aws_launch_template"):
        for disk in template.get("block_device_mappings") or []:
            for volume in disk.get("ebs") or []:
                key = next((k for k in cloud.all("aws_kms_key") if k.get("arn") == volume.get("kms_key_id")), None)
                if key is not None and not _admits_autoscaling(key.get("policy")):
                    yield (
                        f"machines of {template.get('name')} end with Client.InternalError: "
                        "the key does not let EC2 Auto Scaling in"
                    )


def _admits_autoscaling(policy: Any) -> bool:
    try:
        statements = json.loads(policy or "{}").get("Statement", [])
    except ValueError:
        return False
    granted = {
        action
        for statement in statements
        if "AWSServiceRoleForAutoScaling" in json.dumps([statement.get("Principal"), statement.get("Condition")])
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    }
    return "kms:CreateGrant" in granted and "kms:Decrypt" in granted


def checks_ask(cloud: Cloud) -> Iterator[str]:
    """A group whose health the load balancer tells has targets there; else every machine is healthy forever."""
    for group in cloud.all("aws_autoscaling_group"):
        if group.get("health_check_type") == "ELB" and not group.get("target_group_arns"):
            yield f"the group {group.get('name')} has nobody who tells its health"
