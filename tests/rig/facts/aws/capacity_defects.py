"""Defects of plans of the golden spec `instances`, at least one for each thing that facts look at on ECS's machines."""

from __future__ import annotations

import base64
from typing import Any

from rig.facts.changes import Change, not_after, put, swap
from rig.facts.plan_defect import PlanDefect

CASE, FACT = "instances", "capacity_is_as_written"
WEB, MOVER, JOB = "aws_ecs_service.web", "aws_ecs_service.mover", "aws_scheduler_schedule.stocktaking"
TEMPLATE, GROUP = "aws_launch_template.instances_amd64", "aws_autoscaling_group.instances_amd64"
PROVIDER, ROLE = "aws_ecs_capacity_provider.instances_amd64", "aws_iam_role_policy.instances_amd64_machine"
SPOT = "aws_autoscaling_group.spot_instances_arm64"
SCALING = "auto_scaling_group_provider.0.managed_scaling.0.status"
TRACKING = "target_tracking_scaling_policy_configuration.0"
PLACED = "target.0.ecs_parameters.0.placement_strategy"


def told(old: str, new: str) -> Change:
    """Change what the agent of ECS is told."""

    def change(values: dict[str, Any]) -> None:
        text = base64.b64decode(values["user_data"]).decode()
        assert old in text
        values["user_data"] = base64.b64encode(text.replace(old, new).encode()).decode()

    return change


def another_queue(values: dict[str, Any]) -> None:
    """Let a policy follow the messages of a queue that is not there; its metrics have no order."""
    tracking = values["target_tracking_scaling_policy_configuration"][0]
    for query in tracking["customized_metric_specification"][0]["metrics"]:
        if query["id"] == "messages":
            query["metric_stat"][0]["metric"][0]["dimensions"][0]["value"] = "another"


CAPACITY = (
    *(
        PlanDefect(fact, address, change, case=CASE)
        for fact, address, change in (
            (FACT, "aws_ecs_service.watcher", put("capacity_provider_strategy.0.capacity_provider", "FARGATE_SPOT")),
            (FACT, "aws_ecs_task_definition.watcher", put("requires_compatibilities", ["EC2"])),
            (FACT, "aws_ecs_task_definition.web", put("requires_compatibilities", ["FARGATE"])),
            (FACT, WEB, put("capacity_provider_strategy.0.capacity_provider", "FARGATE")),
            (FACT, MOVER, put("capacity_provider_strategy.0.capacity_provider", "instances-amd64-depot-staging")),
            (FACT, WEB, put("ordered_placement_strategy.1.field", "cpu")),
            (FACT, JOB, put(PLACED, [])),
            (FACT, SPOT, put("mixed_instances_policy", [])),
            (FACT, PROVIDER, put(SCALING, "DISABLED")),
            (FACT, TEMPLATE, told("ECS_CLUSTER=depot-staging", "ECS_CLUSTER=depot")),
            (FACT, TEMPLATE, told("ECS_AWSVPC_BLOCK_IMDS=true", "ECS_AWSVPC_BLOCK_IMDS=false")),
            (FACT, TEMPLATE, put("metadata_options.0.http_tokens", "optional")),
            (FACT, TEMPLATE, put("metadata_options.0.http_put_response_hop_limit", 2)),
            (FACT, ROLE, swap("policy", "ecs:Poll", "ecs:*")),
            (FACT, ROLE, swap("policy", "ecs:DiscoverPollEndpoint", "s3:GetObject")),
            ("foundations_exist_first", WEB, not_after("aws_ecs_cluster_capacity_providers.main")),
            ("scaling_is_as_written", "aws_appautoscaling_policy.mover_messages", put(f"{TRACKING}.target_value", 2)),
            ("scaling_is_as_written", "aws_appautoscaling_policy.mover_messages", another_queue),
            ("alarms_watch_what_exists", "aws_cloudwatch_metric_alarm.instances_amd64_reservation",
             put("dimensions.CapacityProviderName", "x")),
        )
    ),
)  # fmt: skip
