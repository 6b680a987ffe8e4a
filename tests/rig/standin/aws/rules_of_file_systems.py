"""The rules of EFS and of the tasks that mount it; the columns are those of `rules`."""

from __future__ import annotations

from rig.standin.aws.checks import file_systems
from rig.standin.rule import OrderRule, Rule

FILE_SYSTEM, POINT, TARGET = "aws_efs_file_system", "aws_efs_access_point", "aws_efs_mount_target"
TASK, SERVICE = "aws_ecs_task_definition", "aws_ecs_service"

# fmt: off
FILE_SYSTEM_RULES: tuple[Rule, ...] = (
    Rule("file-system-key", FILE_SYSTEM, file_systems.key,
         "a key takes an encrypted file system", "EFS API, CreateFileSystem, KmsKeyId"),
    Rule("access-point-root", POINT, file_systems.root,
         "an access point makes its folder, for somebody", "EFS API, RootDirectory, CreationInfo"),
    Rule("file-system-policy", "aws_efs_file_system_policy", file_systems.policy,
         "a file system's policy has actions of EFS, and an effect", "EFS API error 'InvalidPolicyException'"),
    Rule("task-volume", TASK, file_systems.volume,
         "an access point takes encryption on the way, and its own root", "ECS API, EFSAuthorizationConfig"),
)

FILE_SYSTEM_ORDER_RULES: tuple[OrderRule, ...] = (
    OrderRule("one-target-a-zone", TARGET, file_systems.one_in_each_zone,
              "a file system has one mount target in a zone", "EFS API error 'MountTargetConflict'"),
    OrderRule("task-mounts", SERVICE, file_systems.mounted,
              "mount targets that let tasks in come before them",
              "ECS error 'ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes'"),
    OrderRule("task-may-mount", SERVICE, file_systems.allowed,
              "the task role may mount a file system that has a policy",
              "EFS, Using IAM to control file system data access; mount error 'access denied by server'"),
)
# fmt: on
