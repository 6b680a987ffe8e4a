"""The agent of ECS on a machine: how it is set up, and what it may do."""

from __future__ import annotations

from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Condition, Grant
from cloudgen.stack.aws.platforms.containers.machines import RESERVED
from cloudgen.stack.aws.platforms.containers.names import CLUSTER
from cloudgen.stack.base import Template, join


def settings(*, spot: bool) -> tuple[str | Template, ...]:
    """The lines of its configuration file.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-config.html
    """
    return (
        join("ECS_CLUSTER=", CLUSTER.name),
        # A task has its own role. That of the machine is not for it.
        "ECS_AWSVPC_BLOCK_IMDS=true",
        # The role that starts a task writes its log, as on Fargate.
        "ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE=true",
        # Images are named by digest, so one that is there is the right one.
        "ECS_IMAGE_PULL_BEHAVIOR=once",
        f"ECS_RESERVED_MEMORY={RESERVED}",
        *(("ECS_ENABLE_SPOT_INSTANCE_DRAINING=true",) if spot else ()),
    )


def grants(foundation: Foundation) -> tuple[Grant, ...]:
    """What the agent does: join this cluster, hear of tasks, and tell what became of them.

    The policy of AWS for this, AmazonEC2ContainerServiceforEC2Role, also pulls every image and writes every log of the
    account. Here the role that starts a task does both.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
    """
    machines = foundation.account.arn("ecs", "container-instance/", CLUSTER.name, "/*")
    here = (Condition("ArnEquals", "ecs:cluster", (CLUSTER.arn,)),)
    told = ("SubmitAttachmentStateChanges", "SubmitContainerStateChange", "SubmitTaskStateChange")
    return (
        Grant("FindEndpoint", ("ecs:DiscoverPollEndpoint",), ("*",)),
        Grant("JoinCluster", ("ecs:DeregisterContainerInstance", "ecs:RegisterContainerInstance"), (CLUSTER.arn,)),
        Grant(
            "HearOfTasks",
            ("ecs:Poll", "ecs:StartTelemetrySession", "ecs:UpdateContainerInstancesState"),
            (machines,),
            here,
        ),
        Grant("TellOfTasks", tuple(f"ecs:{each}" for each in told), (CLUSTER.arn,)),
        Grant(
            "TagMachine",
            ("ecs:TagResource",),
            (machines,),
            (Condition("StringEquals", "ecs:CreateAction", ("RegisterContainerInstance",)),),
        ),
    )
