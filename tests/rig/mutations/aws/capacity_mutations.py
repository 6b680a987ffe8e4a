"""Mutations of what is rendered for machines that tasks of ECS share."""

from __future__ import annotations

from rig.mutations.mutation import Check, Mutation

RULE, APPLY, BLIND_SPOT = Check.RULE, Check.APPLY, Check.BLIND_SPOT
CASE, POOL, SERVICE = "instances", "aws/containers/_pool.tf.j2", "aws/containers/_service.tf.j2"
GROUP = "aws_autoscaling_group.instances_amd64"

# fmt: off
CAPACITY: tuple[Mutation, ...] = (
    Mutation("machines-that-end-below-tasks", POOL,
           "protect_from_scale_in = true", "protect_from_scale_in = false",
           CASE, APPLY, "[provider-protects]"),
    Mutation("a-group-without-the-tag-of-ecs", POOL,
           '"AmazonECSManaged"', '"ManagedByECS"',
           CASE, APPLY, "[managed-tag]"),
    Mutation("the-role-of-the-machine-for-tasks", "aws/instances.tf",
           '"ECS_AWSVPC_BLOCK_IMDS=true"', '"ECS_AWSVPC_BLOCK_IMDS=false"',
           CASE, BLIND_SPOT, "tasks may have the machine's role", times=2),
    Mutation("destroy-that-hangs", POOL,
           "force_delete          = true", "force_delete          = false",
           CASE, BLIND_SPOT, f"{GROUP}: terraform destroy waits"),
    Mutation("capacity-that-the-cluster-lacks", "aws/containers/services.tf.j2",
           "{{ stack.platforms.containers.providers }}", '["FARGATE", "FARGATE_SPOT"]',
           CASE, APPLY, "[capacity-there]"),
    Mutation("tight-before-spread", SERVICE,
           'type  = "spread"\n    field = "attribute:ecs.availability-zone"', 'type  = "binpack"\n    field = "cpu"',
           CASE, RULE, "[placement]"),
)
