"""Defects of plans of the golden spec `machines`, at least one for each thing that facts look at on machines alone."""

from __future__ import annotations

import base64
import json
from typing import Any

from rig.facts.aws.machines import SETTINGS
from rig.facts.changes import Change, not_after, put, swap
from rig.facts.plan_defect import PlanDefect

CASE = "machines"
WEB, PRINTER = "aws_launch_template.web", "aws_launch_template.printer"
GROUP = "aws_autoscaling_group.web"
OPTIONS = ("--cap-drop=ALL", "--security-opt=no-new-privileges", "--read-only", "--user=10001:10001")


def told(change: Change) -> Change:
    """Change what a machine is told when it starts."""

    def outer(values: dict[str, Any]) -> None:
        head, _, body = base64.b64decode(values["user_data"]).decode().partition("\n")
        data = json.loads(body)
        file = next(file for file in data["write_files"] if file["path"] == SETTINGS)
        settings = json.loads(file["content"])
        change(settings)
        file["content"] = json.dumps(settings)
        values["user_data"] = base64.b64encode(f"{head}\n{json.dumps(data)}".encode()).decode()

    return outer


def without(option: str) -> Change:
    """Leave an option of `docker run` out."""

    def change(settings: dict[str, Any]) -> None:
        settings["options"].remove(option)

    return told(change)


def altered(old: str, new: str) -> Change:
    """Change a part of the one option of `docker run` that has it."""

    def change(settings: dict[str, Any]) -> None:
        (place,) = [number for number, option in enumerate(settings["options"]) if old in option]
        settings["options"][place] = settings["options"][place].replace(old, new)

    return told(change)


MACHINES = (
    *(PlanDefect("nothing_runs_with_privileges", PRINTER, without(option), case=CASE) for option in OPTIONS),
    *(
        PlanDefect(fact, address, change, case=CASE)
        for fact, address, change in (
            ("nothing_runs_with_privileges", WEB, put("metadata_options.0.http_tokens", "optional")),
            ("nothing_runs_with_privileges", WEB, put("metadata_options.0.http_put_response_hop_limit", 2)),
            ("nothing_runs_with_privileges", WEB, put("block_device_mappings.0.ebs.0.encrypted", "false")),
            ("nothing_runs_with_privileges", WEB, swap("iam_instance_profile.0.arn", "-web-", "-printer-")),
            ("variables_arrive", WEB, told(put("environment.GREETING", "x"))),
            ("secrets_have_only_their_readers", WEB, told(put("secrets.SIGNING_KEY.secret", "x"))),
            ("logs_are_kept_as_written", WEB, altered("press-staging/web", "else")),
            ("health_check_asks_the_port", "aws_lb_target_group.web", put("port", 80)),
            ("health_check_asks_the_port", "aws_lb_target_group.web", put("target_type", "ip")),
            ("health_check_asks_the_port", GROUP, put("health_check_type", "EC2")),
            ("health_check_asks_the_port", GROUP, put("health_check_grace_period", 10)),
            ("capacity_is_as_written", "aws_autoscaling_group.printer", put("mixed_instances_policy", [])),
            ("scaling_is_as_written", GROUP, put("max_size", 60)),
            ("scaling_is_as_written", "aws_autoscaling_policy.printer_messages",
             put("target_tracking_configuration.0.target_value", 2)),
            ("scaling_is_as_written", GROUP, put("instance_maintenance_policy.0.min_healthy_percentage", 50)),
            ("containers_hold_only_their_grants", "aws_iam_role_policy.web_machine",
             swap("policy", "s3:GetObject", "s3:*")),
            ("containers_hold_only_their_grants", "aws_iam_role.web_machine",
             swap("assume_role_policy", "ec2.amazonaws.com", "ecs-tasks.amazonaws.com")),
            ("the_way_in_exists_first", GROUP, not_after("aws_lb_listener.https")),
            ("grants_exist_before_their_users", GROUP, not_after("aws_iam_role_policy.web_machine")),
            ("foundations_exist_first", GROUP, not_after("aws_route.private_internet")),
            ("logs_exist_before_their_writers", WEB, not_after("aws_cloudwatch_log_group.web")),
            ("labels_reach_everything", GROUP, put("tag.4.propagate_at_launch", False)),
            ("only_connected_containers_get_through", "aws_vpc_security_group_ingress_rule.articles_from_web",
             put("referenced_security_group_id", "x")),
            ("alarms_watch_what_exists", "aws_cloudwatch_metric_alarm.web_service_cpu",
             put("dimensions.AutoScalingGroupName", "x")),
        )
    ),
)  # fmt: skip
