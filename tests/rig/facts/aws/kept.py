"""Folders whose files stay: file systems of EFS."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from rig.facts.aws.data import isolated_subnets, own_key_of
from rig.facts.aws.runners import runner
from rig.facts.aws.tasks import many, policy_statements, statements
from rig.facts.scene import Scene, Seen

NFS = 2049
CLIENT = {"elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"}
Volume = Mapping[str, Any]


def volumes(scene: Scene, container: str) -> Iterator[tuple[str, Volume]]:
    """Yield each path of a container where a file system is mounted, with the volume of its task."""
    definition = runner(scene, container).definition
    made = {block["name"]: (block.get("efs_volume_configuration") or [{}])[0] for block in definition.blocks("volume")}
    for each in json.loads(definition.values["container_definitions"])[0].get("mountPoints", []):
        if made[each["sourceVolume"]] and not each.get("readOnly"):
            yield each["containerPath"], made[each["sourceVolume"]]


def kept_folders_are_mounted(scene: Scene) -> Iterator[Seen]:
    """At its path, by TLS and as its own role, with a folder of its own that belongs to nobody else."""
    containers = dict.fromkeys(name for name, _ in scene.kept())
    stores = [volume.get("file_system_id") for name in containers for _, volume in volumes(scene, name)]
    for name, path in scene.kept():
        volume = dict(volumes(scene, name)).get(path, {})
        authorized = (volume.get("authorization_config") or [{}])[0]
        points = scene.root.where("aws_efs_access_point", id=authorized.get("access_point_id"))
        root = points[0].at("root_directory", "path") if points else None
        yield Seen.of(
            f"{name} {path}",
            {
                "is no file system": not volume,
                "shares its file system": stores.count(volume.get("file_system_id")) != 1,
                "is mounted in the clear": volume.get("transit_encryption") != "ENABLED",
                "is mounted as nobody": authorized.get("iam") != "ENABLED",
                "is mounted at the root": len(points) != 1 or root in (None, "/"),
                "is another file system's": bool(points)
                and points[0].at("file_system_id") != volume.get("file_system_id"),
                "is written to as root": bool(points) and points[0].at("posix_user", "uid") in (None, 0),
            },
        )


def kept_folders_are_private(scene: Scene) -> Iterator[Seen]:
    """In each isolated subnet, for the container alone, with a policy that wants TLS and a role; encrypted."""
    for name, path in scene.kept():
        identity = dict(volumes(scene, name)).get(path, {}).get("file_system_id")
        store = scene.root.only("aws_efs_file_system", id=identity)
        targets = scene.root.where("aws_efs_mount_target", file_system_id=identity)
        rules = [
            rule
            for target in targets
            for group in target.values["security_groups"]
            for rule in scene.root.where("aws_vpc_security_group_ingress_rule", security_group_id=group)
        ]
        sources = {
            (rule.at("referenced_security_group_id"), rule.at("from_port"), rule.at("to_port")) for rule in rules
        }
        policies = scene.root.where("aws_efs_file_system_policy", file_system_id=identity)
        yield Seen.of(
            f"{name} {path}",
            {
                "is not in each zone": {target.at("subnet_id") for target in targets} != isolated_subnets(scene),
                "lets others in": sources != {(group, NFS, NFS) for group in runner(scene, name).groups},
                "takes connections without TLS": not any(_refuses(policy.values["policy"]) for policy in policies),
                "is for everybody": any(_admits(policy.values["policy"]) for policy in policies),
                "its role may use more than its folder": not _by_access_point(scene, name),
                "is not encrypted": store.at("encrypted") is not True,
                "is encrypted with another key": scene.own_key and store.at("kms_key_id") != own_key_of(scene.root),
            },
        )


def kept_folders_can_be_restored(scene: Scene) -> Iterator[Seen]:
    """A backup each day."""
    for name, path in scene.kept():
        identity = dict(volumes(scene, name)).get(path, {}).get("file_system_id")
        policies = scene.root.where("aws_efs_backup_policy", file_system_id=identity)
        backed_up = any(policy.at("backup_policy", "status") == "ENABLED" for policy in policies)
        yield Seen.of(f"{name} {path}", {"is not backed up": not backed_up})


def _refuses(policy: str) -> bool:
    return any(
        each["Effect"] == "Deny"
        and each.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport") == "false"
        and each["Principal"] in ("*", {"AWS": "*"})
        and set(many(each["Action"])) >= CLIENT
        for each in policy_statements(policy)
    )


def _admits(policy: str) -> bool:
    return any(each["Effect"] == "Allow" for each in policy_statements(policy))


def _by_access_point(scene: Scene, name: str) -> bool:
    """Whether every statement of the role about file systems names the access points of the container, and no other."""
    points = {volume["authorization_config"][0]["access_point_id"] for _, volume in volumes(scene, name)}
    arns = {point.values["arn"] for point in scene.root.of("aws_efs_access_point") if point.at("id") in points}
    found = [
        each.get("Condition", {}).get("StringEquals", {}).get("elasticfilesystem:AccessPointArn")
        for each in statements(scene, runner(scene, name).roles[0])
        if any(action.startswith("elasticfilesystem:") for action in many(each.get("Action")))
    ]
    return bool(found) and all(set(many(one)) == arns for one in found)
