"""Where moto 5.2.5 differs from AWS so much that the real provider stops or plans changes, and the repairs.

`GAPS` is the one list: what is repaired here, why, and how it stands upstream. `TOLERATED` names what is not
repaired: a difference in the second plan that comes from the emulator and not from the rendered configuration.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rig.emulator.gaps import (
    autoscaling,
    buckets,
    containers,
    databases,
    elasticache,
    file_systems,
    functions,
    machines,
    network,
    policies,
    queues,
    secrets,
)


@dataclass(frozen=True)
class Gap:
    """Something that moto lacks: what, why the provider minds, how it stands upstream, and the repair."""

    what: str
    why: str
    upstream: str
    mend: Callable[[], None]


GAPS = (
    Gap(
        "Application Auto Scaling: ListTagsForResource, TagResource, UntagResource",
        "the provider reads the tags of every scalable target",
        "not implemented in moto 5.2.5",
        autoscaling.mend_tags,
    ),
    Gap(
        "Application Auto Scaling: the policies of `web-admin` are those of `web`, too",
        "the provider reads one policy by its name, and stops when it gets two",
        "describe_scaling_policies looks for a part of the name in moto 5.2.5",
        autoscaling.mend_policies,
    ),
    Gap(
        "ECS: a service forgets how it is deployed and placed, its grace period, ECS Exec and capacity providers",
        "the second plan would set them again",
        "dropped by Service in moto 5.2.5",
        containers.mend_service_settings,
    ),
    Gap(
        "ElastiCache: a replication group has no life: one member, which does not exist as a cluster, and no end",
        "the provider reads every member for the engine's version, the subnet group and the security groups; destroy "
        "waits until the group is gone",
        "not implemented in moto 5.2.5",
        elasticache.mend_groups,
    ),
    Gap(
        "ElastiCache: DeleteCacheSubnetGroup",
        "destroy deletes it",
        "not implemented in moto 5.2.5",
        elasticache.mend_subnet_groups,
    ),
    Gap(
        "RDS: every instance has the same resource id",
        "the provider's id of an instance is that; a second one would be the first",
        "a constant in moto 5.2.5 (DBInstance.dbi_resource_id)",
        databases.mend_resource_ids,
    ),
    Gap(
        "RDS: an instance forgets Performance Insights and the engine's life cycle support",
        "the second plan would set them again",
        "not implemented in moto 5.2.5",
        databases.mend_settings,
    ),
    Gap(
        "RDS: parameters of a group have no source",
        "the provider reads back only what the user set, and would set everything again",
        "not implemented in moto 5.2.5",
        databases.mend_parameter_sources,
    ),
    Gap(
        "EC2: rules between security groups lose their description",
        "the second plan would set it again",
        "SecurityGroupRule.description looks at address ranges only, moto 5.2.5",
        network.mend_rule_descriptions,
    ),
    Gap(
        "Auto Scaling: a group forgets its warm-up and its maintenance policy",
        "the second plan would set them again",
        "dropped by FakeAutoScalingGroup in moto 5.2.5",
        machines.mend_machine_groups,
    ),
    Gap(
        "Auto Scaling: a policy is not enabled, and has an empty prediction",
        "the second plan would enable it, and take the prediction away",
        "FakeScalingPolicy in moto 5.2.5",
        machines.mend_group_policies,
    ),
    Gap(
        "Auto Scaling: policies of two groups that have one name are one policy",
        "the provider reads the policy of a group, and finds none",
        "AutoScalingBackend.policies is by name in moto 5.2.5",
        machines.mend_policy_names,
    ),
    Gap(
        "EC2: the tags of a launch template are among those that its machines get",
        "the second plan would take them away",
        "LaunchTemplates.create_launch_template in moto 5.2.5",
        machines.mend_template_tags,
    ),
    Gap(
        "EC2: a group cannot start a machine from a later version of a launch template that has user data",
        "a changed template is a later version",
        "LaunchTemplates.create_launch_template_version does not parse user data in moto 5.2.5",
        machines.mend_template_versions,
    ),
    Gap(
        "Auto Scaling: a group has no refresh of its machines",
        "another version of the launch template of machines that tasks share starts one",
        "not implemented in moto 5.2.5",
        machines.mend_refreshes,
    ),
    Gap(
        "Lambda: a function forgets its dead letters and its log, and has an empty configuration of its image",
        "the second plan would set them again, and take the configuration away",
        "dropped by LambdaFunction in moto 5.2.5, where an image has ImageConfig always",
        functions.mend_function_settings,
    ),
    Gap(
        "Lambda: every function stands in one network, which does not exist",
        "the provider gives a function that goes the default security group of its network",
        "a constant in moto 5.2.5 (LambdaFunction.vpc_config)",
        functions.mend_function_network,
    ),
    Gap(
        "Lambda: what an event source mapping starts is the version that its alias led to",
        "the second plan would make the mapping anew",
        "create_event_source_mapping takes the ARN of the version in moto 5.2.5",
        functions.mend_mapping_alias,
    ),
    Gap(
        "EFS: PutBackupPolicy, and the answer that there are no backups",
        "the provider switches the backups of a file system on, waits, and switches them off",
        "not implemented in moto 5.2.5",
        file_systems.mend_backup_policy,
    ),
    Gap(
        "EFS: DeleteFileSystemPolicy",
        "destroy deletes the policy of a file system before the file system",
        "not implemented in moto 5.2.5",
        file_systems.mend_policy_end,
    ),
    Gap(
        "IAM: a Deny whose condition does not hold denies all the same",
        "a bucket policy that refuses plain HTTP would refuse every object, and so the state in S3",
        "IAMPolicyStatement ignores the effect when conditions do not match, moto 5.2.5",
        policies.mend_conditions,
    ),
    Gap(
        "S3: a versioned bucket with delete markers cannot be emptied",
        "the state's bucket has one for every lock that was released, so it could not be destroyed",
        "FakeDeleteMarker has no dispose() in moto 5.2.5",
        buckets.mend_delete_markers,
    ),
    Gap(
        "Secrets Manager: the rotation of a secret that RDS manages cannot be cancelled",
        "destroy cancels it before it destroys the database",
        "SecretsManagerBackend.cancel_rotate_secret wants a function in moto 5.2.5",
        secrets.mend_managed_rotation,
    ),
    Gap(
        "SQS: what is JSON does not come back as it was set: a policy is forgotten with the next change, "
        "RedriveAllowPolicy kept back, RedrivePolicy written with spaces",
        "the provider compares these attributes as text, and waits until it reads what it set",
        "Queue._set_attributes and Queue.attributes in moto 5.2.5",
        queues.mend_json_attributes,
    ),
)

TOLERATED: dict[tuple[str, str], str] = {}
"""(resource type, attribute) -> why the emulator returns another value than was set."""


def mend_all() -> None:
    """Repair everything in `GAPS`, in this process."""
    for gap in GAPS:
        gap.mend()
