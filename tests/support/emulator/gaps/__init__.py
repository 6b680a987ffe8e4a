"""Where moto 5.2.5 differs from AWS so much that the real provider stops or plans changes, and the repairs.

`GAPS` is the one list: what is repaired here, why, and how it stands upstream. `TOLERATED` names what is not
repaired: a difference in the second plan that comes from the emulator and not from the rendered configuration.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from support.emulator.gaps import (
    autoscaling,
    buckets,
    containers,
    databases,
    elasticache,
    keys,
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
        "ECS: a service forgets its deployment settings, grace period, ECS Exec and capacity provider strategy",
        "the second plan would set them again",
        "dropped by Service in moto 5.2.5",
        containers.mend_service_settings,
    ),
    Gap(
        "ElastiCache: the members of a replication group do not exist as clusters; there is one, whatever was asked",
        "the provider reads every member to learn the engine version, the subnet group and the security groups",
        "not implemented in moto 5.2.5",
        elasticache.mend_members,
    ),
    Gap(
        "ElastiCache: a deleted replication group is 'deleting' for ever",
        "destroy waits until it is gone",
        "not implemented in moto 5.2.5",
        elasticache.mend_deletion,
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
        "KMS: the rotation period is neither kept nor returned",
        "the second plan would set it again",
        "not implemented in moto 5.2.5",
        keys.mend_rotation_period,
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
        "SQS: GetQueueAttributes does not return RedriveAllowPolicy",
        "the provider waits until it reads what it set",
        "not among Queue.attributes in moto 5.2.5",
        queues.mend_redrive_allow_policy,
    ),
    Gap(
        "SQS: RedrivePolicy is returned with spaces",
        "the second plan would set it again",
        "Queue.attributes in moto 5.2.5",
        queues.mend_redrive_policy_text,
    ),
    Gap(
        "SQS: setting any attribute removes the queue's policy",
        "the second plan would set it again",
        "Queue._set_attributes in moto 5.2.5",
        queues.mend_forgotten_policy,
    ),
)

TOLERATED: dict[tuple[str, str], str] = {}
"""(resource type, attribute) -> why the emulator returns another value than was set."""


def mend_all() -> None:
    """Repair everything in `GAPS`, in this process."""
    for gap in GAPS:
        gap.mend()
