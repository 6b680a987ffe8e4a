"""A container as a function of Lambda, and what starts it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cloudgen.spec.containers import Container
from rig.facts.plan import PlannedResource
from rig.facts.scene import Scene, Seen, label

ADAPTER = "AWS_LWA_"
"""How the variables of the Lambda Web Adapter begin."""
PLACES = "SECRETS_TO_FETCH"
EVENTS = 8080
"""The port of what events start."""
TRACES = {"xray:PutTraceSegments": r"\*", "xray:PutTelemetryRecords": r"\*"}
INTERFACES = [
    "CreateNetworkInterface",
    "DescribeNetworkInterfaces",
    "DescribeSubnets",
    "DeleteNetworkInterface",
    "AssignPrivateIpAddresses",
    "UnassignPrivateIpAddresses",
]
"""What it takes to stand in a network."""


@dataclass(frozen=True)
class Function:
    """A container of the spec, as Lambda runs it."""

    name: str
    definition: PlannedResource
    """The aws_lambda_function, which is what starts it, too."""
    alias: PlannedResource
    role: PlannedResource
    policy: Mapping[str, Any]
    """What the role may do."""
    attachments: tuple[PlannedResource, ...]
    invoked = True

    @property
    def runner(self) -> PlannedResource:
        """The function itself."""
        return self.definition

    @property
    def told(self) -> Mapping[str, str]:
        """All variables."""
        found: Mapping[str, str] = self.definition.at("environment", "variables") or {}
        return found

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables, without those of the adapter and of the start script."""
        return {name: value for name, value in self.told.items() if not name.startswith(ADAPTER) and name != PLACES}

    @property
    def secrets(self) -> dict[str, str]:
        """The secret environment variables: where the start script fetches each."""
        return dict(each.split("=", 1) for each in self.told.get(PLACES, "").split())

    @property
    def groups(self) -> list[str]:
        """The ids of its security groups; none outside of the network."""
        return list(self.definition.at("vpc_config", "security_group_ids") or [])

    @property
    def subnets(self) -> list[str]:
        """The ids of its subnets; none outside of the network."""
        return list(self.definition.at("vpc_config", "subnet_ids") or [])

    @property
    def hidden(self) -> bool:
        """Always: what Lambda runs has no address that takes requests."""
        return True

    @property
    def log_group(self) -> str | None:
        """The name of the group that it writes its log to."""
        group: str | None = self.definition.at("logging_config", "log_group")
        return group

    @property
    def roles(self) -> tuple[str, str]:
        """The label of its role, twice: Lambda starts it with the role that its code has."""
        return self.role.label, self.role.label

    @property
    def principal(self) -> str:
        """Who assumes it."""
        return "lambda.amazonaws.com"

    @property
    def starts_itself(self) -> Mapping[str, str]:
        """What it may do beside writing the log and reading secrets: traces, its network, and its failed events."""
        found = dict(TRACES)
        if self.subnets:
            found |= {f"ec2:{action}": r"\*" for action in INTERFACES}
        if failed := self.definition.at("dead_letter_config", "target_arn"):
            found["sqs:SendMessage"] = re.escape(failed)
        return found

    @property
    def target_group(self) -> str | None:
        """The ARN of the target group that it is in."""
        found = [each.at("target_group_arn") for each in self.attachments]
        return found[0] if len(found) == 1 else None

    @property
    def dimension(self) -> tuple[str, str]:
        """What metrics know it by."""
        return "FunctionName", str(self.definition.values["function_name"])

    @property
    def needs(self) -> dict[str, str]:
        """Nothing else; who pulls the image is a matter of permissions."""
        return {}

    def told_of_start(self, container: Container) -> dict[str, str]:
        """The variables that say what starts it, where no visitor does."""
        if container.trigger is not None:
            queue, bucket = container.trigger.queue, container.trigger.bucket
            return {"PORT": str(EVENTS), "EVENT_SOURCE": f"/queues/{queue}" if queue else f"/buckets/{bucket}"}
        return {"PORT": str(EVENTS), "EVENT_SOURCE": f"/schedules/{self.name}"} if container.schedule else {}

    def port_faults(self, container: Container, group: PlannedResource | None) -> dict[str, bool]:
        """What is wrong with the way of a request to it."""
        faults = {
            "it is told another port": self.variables.get("PORT") != str(container.port),
            "the adapter asks another port": self.told.get("AWS_LWA_PORT") != str(container.port),
            "another status counts": self.told.get("AWS_LWA_READINESS_CHECK_HEALTHY_STATUS")
            != container.health_check.success,
            "the adapter asks another path": self.told.get("AWS_LWA_READINESS_CHECK_PATH")
            != container.health_check.path,
        }
        if group is None:
            return faults
        return faults | {
            "the target group holds no function": group.at("target_type") != "lambda",
            "one of two cookies is lost": group.at("lambda_multi_value_headers_enabled") is not True,
            "another version than that of the alias answers": [each.at("target_id") for each in self.attachments]
            != [self.alias.values["arn"]],
        }

    def identities(self) -> set[str]:
        """Its role."""
        return {str(self.definition.at("role"))}

    def privileges(self, container: Container) -> dict[str, bool]:  # noqa: ARG002
        """What the code may do beyond its work: Lambda has no users, capabilities or file system to say anything of."""
        name = self.definition.values["function_name"]
        joins = [each for each in self.policy.get("Statement", []) if "ec2:" in json.dumps(each.get("Action"))]
        own = [each.get("Condition", {}).get("ArnNotEquals", {}).get("lambda:SourceFunctionArn", "") for each in joins]
        return {
            "its code may make network interfaces": any(not arn.endswith(f":function:{name}") for arn in own),
            "may make network interfaces outside of the network": bool(joins) and not self.subnets,
            "is no image": self.definition.at("package_type") != "Image",
        }

    def capacity_faults(self, scene: Scene) -> dict[str, bool]:
        """What is wrong with how large it is."""
        vcpu, memory = scene.deployment.vcpu_and_memory(scene.deployment.containers[self.name])
        found = self.definition.at("memory_size") or 0
        return {"has less memory": found < memory, "has less CPU": found + 1 < min(vcpu * 1769, 10240)}

    def limits(self, scene: Scene) -> list[tuple[int, int]]:  # noqa: ARG002
        """The limits between which it scales."""
        return [(0, self.definition.at("reserved_concurrent_executions"))]

    def policies(self, scene: Scene) -> list[PlannedResource]:  # noqa: ARG002
        """What moves it between them: itself."""
        return [self.definition]

    def scaling_faults(self, scene: Scene, least: int, most: int, *, fixed: bool) -> dict[str, bool]:  # noqa: ARG002
        """What is wrong with how many run."""
        return {f"scales between {self.limits(scene)}": self.limits(scene) != [(0, most)]}


def function(scene: Scene, name: str) -> Function:
    """Return what runs a container. Raises MissingResourceError."""
    own = label(name)
    definition, alias = scene.root.get("aws_lambda_function", own), scene.root.get("aws_lambda_alias", own)
    role = scene.root.only("aws_iam_role", arn=definition.at("role"))
    policies = [each for each in scene.root.of("aws_iam_role_policy") if each.label == role.label]
    policy = json.loads(policies[0].values["policy"]) if policies else {}
    attachments = [
        each for each in scene.root.of("aws_lb_target_group_attachment") if each.at("target_id") == alias.values["arn"]
    ]
    return Function(name, definition, alias, role, policy, tuple(attachments))


def started(scene: Scene, name: str, container: Container) -> Iterator[Seen]:
    """What starts a function leads to its alias, and tells it of what the spec names, and what fails is kept."""
    one = function(scene, name)
    arn = one.alias.values["arn"]
    faults = {
        "the alias leads to another function": one.alias.at("function_name") != one.definition.values["function_name"],
        "the alias leads to no version": one.alias.at("function_version") != one.definition.values["version"],
        "no version is published": one.definition.at("publish") is not True,
        "a refused event counts as handled": one.told.get("AWS_LWA_ERROR_STATUS_CODES") != "300-599",
        "events arrive elsewhere": one.told.get("AWS_LWA_PASS_THROUGH_PATH") != "/events",
    }
    trigger = container.trigger
    if trigger is not None and trigger.queue is not None:
        yield Seen.of(name, faults | _of_queue(scene, one, container, trigger.queue))
        return
    faults["events that fail are lost"] = not one.definition.at("dead_letter_config", "target_arn")
    if trigger is not None and trigger.bucket is not None:
        bucket = scene.root.get("aws_s3_bucket", label(trigger.bucket))
        told = scene.root.only("aws_s3_bucket_notification", bucket=bucket.values["id"])
        ways = [each for each in told.blocks("lambda_function") if each["lambda_function_arn"] == arn]
        way = ways[0] if len(ways) == 1 else {}
        permission = scene.root.get("aws_lambda_permission", label(name))
        faults |= {
            "the bucket does not tell it": not way,
            "is told of other objects": (way.get("filter_prefix") or "") != (trigger.prefix or ""),
            "another bucket may start it": permission.at("source_arn") != bucket.values["arn"],
            "a bucket of somebody else may start it": not permission.at("source_account"),
            "the permission may come later": not told.is_after(permission.address),
            "has another time": one.definition.at("timeout") != (trigger.timeout or 60),
        }
    if container.schedule is not None:
        schedule = scene.root.get("aws_scheduler_schedule", label(name))
        sent = json.loads(schedule.at("target", "input") or "{}")
        faults |= {
            "the schedule starts something else": schedule.at("target", "arn") != arn,
            "the event has no time": "scheduled-time" not in str(sent.get("time")),
            "two runs have one id": sent.get("id") != sent.get("time"),
        }
    yield Seen.of(name, faults)


def _of_queue(scene: Scene, one: Function, container: Container, queue: str) -> dict[str, bool]:
    source = scene.root.get("aws_sqs_queue", label(queue))
    mapping = scene.root.get("aws_lambda_event_source_mapping", label(one.name))
    most = scene.deployment.scaling_of(container).max
    return {
        "takes messages of another queue": mapping.at("event_source_arn") != source.values["arn"],
        "messages start another version": mapping.at("function_name") != one.alias.values["arn"],
        "one message that fails fails others": mapping.at("function_response_types") != ["ReportBatchItemFailures"],
        "slow messages use up the deliveries of others": mapping.at("batch_size") != 1,
        "more run than scaling.max": mapping.at("scaling_config", "maximum_concurrency") != max(2, most),
        "has another time than ack_deadline": one.definition.at("timeout")
        != scene.deployment.storage.queues[queue].ack_deadline,
    }
