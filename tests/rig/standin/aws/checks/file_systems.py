"""EFS: file systems, how they are reached, and the tasks that mount them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from rig.standin.aws.checks.data import statements
from rig.standin.aws.checks.function_order import listed, policies_of
from rig.standin.cloud import Cloud, Thing
from rig.standin.configuration import Configuration
from rig.standin.violation import Violation

NFS = 2049
MOUNT = "elasticfilesystem:ClientMount"
OCTAL = re.compile(r"[0-7]{3,4}")
INGRESS, EGRESS = "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"


def key(resource: Configuration) -> Iterator[Violation]:
    """A key encrypts, so the file system is encrypted."""
    if resource.has_unknown("encrypted"):
        return
    if resource.is_set("kms_key_id") and resource.get("encrypted") is not True:
        yield Violation(resource.at("kms_key_id"), 'if KmsKeyId is given, "encrypted" must be true')


def root(resource: Configuration) -> Iterator[Violation]:
    """A folder that does not exist is made with an owner and octal permissions; without them no mount succeeds."""
    path = resource.get("root_directory.path", "/")
    if not re.fullmatch(r"/|(?:/[^/\s]+){1,4}", path):
        yield Violation(resource.at("root_directory.path"), f"{path} is no path of at most four folders")
    elif path != "/" and not resource.is_set("root_directory.creation_info"):
        yield Violation(resource.at("root_directory"), f"nobody makes {path}: it has no creation_info")
    permissions = resource.get("root_directory.creation_info.permissions")
    if permissions is not None and not OCTAL.fullmatch(permissions):
        yield Violation(resource.at("root_directory.creation_info.permissions"), f"{permissions} is not octal")


def policy(resource: Configuration) -> Iterator[Violation]:
    """Every statement says what, of EFS alone, and for whom."""
    try:
        document = json.loads(resource.get("policy", "null"))
    except ValueError:
        return
    for statement in statements(document):
        actions = listed(statement.get("Action"))
        if not actions or not all(str(action).startswith("elasticfilesystem:") for action in actions):
            yield Violation(("policy",), f"InvalidPolicyException: {actions} are no actions of EFS")
        if "Principal" not in statement or statement.get("Effect") not in ("Allow", "Deny"):
            yield Violation(("policy",), "InvalidPolicyException: a statement has no principal or effect")


def volume(resource: Configuration) -> Iterator[Violation]:
    """With an access point or IAM, what is on the way is encrypted; an access point has a root of its own."""
    for mounted in resource.blocks("volume.efs_volume_configuration"):
        point = mounted.is_set("authorization_config.access_point_id")
        asks = point or mounted.get("authorization_config.iam") == "ENABLED"
        if (
            asks
            and mounted.get("transit_encryption", "") != "ENABLED"
            and not mounted.has_unknown("transit_encryption")
        ):
            yield Violation(mounted.path, "transit encryption must be enabled with an access point or IAM")
        if point and mounted.get("root_directory", "/") not in ("", "/"):
            yield Violation(mounted.path, "the root directory must be left out with an access point")


def one_in_each_zone(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """The second mount target of a file system in a subnet is one too many; a subnet stands for its zone here."""
    for other in cloud.all("aws_efs_mount_target"):
        same = (other.get("file_system_id"), other.get("subnet_id"))
        if same == (resource.get("file_system_id"), resource.get("subnet_id")) and same[0]:
            yield Violation(resource.at("subnet_id"), "a mount target already exists in this zone")


def _task(resource: Configuration, cloud: Cloud) -> Thing | None:
    arn = resource.get("task_definition")
    tasks = cloud.all("aws_ecs_task_definition")
    return next((task for task in tasks if arn is not None and arn in (task.get("arn"), task.get("family"))), None)


def _file_systems(task: Thing | None) -> Iterator[str]:
    for each in (task.get("volume") if task else None) or []:
        for mounted in each.get("efs_volume_configuration") or []:
            yield mounted["file_system_id"]


def mounted(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A task reaches a mount target by a rule on either side."""
    own = set(resource.get("network_configuration.security_groups", []))
    for identity in _file_systems(_task(resource, cloud)):
        targets = [one for one in cloud.all("aws_efs_mount_target") if one.get("file_system_id") == identity]
        groups = {group for target in targets for group in target.get("security_groups") or []}
        let_in = [rule for rule in cloud.all(INGRESS) if _leads(rule, groups, own)]
        let_out = [rule for rule in cloud.all(EGRESS) if _leads(rule, own, groups)]
        if targets and let_in and let_out:
            cloud.rely(*targets, *let_in, *let_out)
        else:
            what = "mount target" if not targets else "way in" if not let_in else "way out"
            yield Violation(resource.at("task_definition"), f"there is no {what} for the file system {identity} yet")


def _leads(rule: Thing, owners: set[Any], peers: set[Any]) -> bool:
    reaches = (rule.get("from_port") or 0) <= NFS <= (rule.get("to_port") or 65535)
    return reaches and rule.get("security_group_id") in owners and rule.get("referenced_security_group_id") in peers


def allowed(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """Where a file system has a policy, only a role whose own policy says so may mount it."""
    task = _task(resource, cloud)
    for identity in _file_systems(task):
        system = next((one for one in cloud.all("aws_efs_file_system") if one.id == identity), None)
        guarded = [one for one in cloud.all("aws_efs_file_system_policy") if one.get("file_system_id") == identity]
        if system is None or not guarded or task is None:
            continue
        _, policies = policies_of(cloud, task.get("task_role_arn"))
        found = [one for one in policies if _mounts(one, system.get("arn"))]
        if found:
            cloud.rely(*found)
        else:
            yield Violation(resource.at("task_definition"), f"access denied: the task role may not mount {identity}")


def _mounts(policy: Thing, arn: object) -> bool:
    return any(
        MOUNT in listed(statement.get("Action")) and arn in listed(statement.get("Resource"))
        for statement in statements(json.loads(policy.get("policy") or "null"))
    )
