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
        "ECS: a service forgets its deployment settings, grace period, ECS Exec and capacity provider strategy",
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
