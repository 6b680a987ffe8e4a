"""Lambda: what has to exist before a function is made or started, and what would not start it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rig.standin.aws.checks.data import services, statements
from rig.standin.cloud import Cloud, Thing
from rig.standin.configuration import Configuration
from rig.standin.violation import Violation


def policies_of(cloud: Cloud, role_arn: object) -> tuple[Thing | None, list[Thing]]:
    """Return a role that we made, and its policies."""
    role = next((one for one in cloud.all("aws_iam_role") if one.get("arn") == role_arn), None)
    if role is None:
        return None, []
    names = {role.get("id"), role.get("name"), role.id}
    return role, [one for one in cloud.all("aws_iam_role_policy") if one.get("role") in names]


def listed(value: Any) -> list[Any]:
    """Return the values of an element of a policy, which may stand alone."""
    return value if isinstance(value, list) else [value]


def _allows(policy: Thing, action: str, target: object) -> bool:
    """Whether a policy allows an action on a resource; None stands for any."""
    try:
        document = json.loads(policy.get("policy") or "null")
    except ValueError:
        return False
    for statement in statements(document):
        resources = listed(statement.get("Resource"))
        if (
            statement.get("Effect") == "Allow"
            and action in listed(statement.get("Action"))
            and (target is None or "*" in resources or target in resources)
        ):
            return True
    return False


def _may(cloud: Cloud, role_arn: object, action: str, target: object, path: tuple[str | int, ...], what: str
         ) -> Iterator[Violation]:  # fmt: skip
    role, policies = policies_of(cloud, role_arn)
    if role is None:
        return
    found = [policy for policy in policies if _allows(policy, action, target)]
    if found:
        cloud.rely(*found)
    else:
        yield Violation(path, f"The provided execution role does not have permissions to call {what}")


def role_lets(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """When a function is made, its role may make interfaces in its network and send to its dead letters."""
    arn = resource.get("role")
    if resource.is_set("vpc_config"):
        action = "ec2:CreateNetworkInterface"
        yield from _may(cloud, arn, action, None, resource.at("role"), "CreateNetworkInterface on EC2")
    for path, queue in resource.find("dead_letter_config.target_arn"):
        yield from _may(cloud, arn, "sqs:SendMessage", queue, path, "SendMessage on SQS")


def image_pulled(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """Lambda may pull an image of a repository that has a policy which lets it."""
    uri = resource.get("image_uri")
    repository = str(uri).partition("/")[2].partition("@")[0].partition(":")[0]
    if not uri or not any(each.get("name") == repository for each in cloud.all("aws_ecr_repository")):
        return
    found = [
        policy
        for policy in cloud.all("aws_ecr_repository_policy")
        if policy.get("repository") == repository
        and any("lambda.amazonaws.com" in services(each) for each in statements(json.loads(policy.get("policy"))))
    ]
    if found:
        cloud.rely(*found)
    else:
        yield Violation(resource.at("image_uri"), "Lambda does not have permission to access the ECR image")


def log_first(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """The log group of a function is there, or its first lines are lost."""
    for path, name in resource.find("logging_config.log_group"):
        found = [group for group in cloud.all("aws_cloudwatch_log_group") if group.get("name") == name]
        if found:
            cloud.rely(*found)
        else:
            yield Violation(path, f"there is no log group {name} yet")


def _permissions(cloud: Cloud, target: object, principal: str, source: object) -> list[Thing]:
    """The permissions of an alias, or of a function, for a service on behalf of a source."""
    function, _, qualifier = str(target).partition(":function:")[2].partition(":")
    return [
        one
        for one in cloud.all("aws_lambda_permission")
        if one.get("principal") == principal
        and str(one.get("function_name")).rpartition(":")[2] == function
        and (one.get("qualifier") or "") == qualifier
        and one.get("source_arn") in (None, source)
    ]


def attached(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A function is put into a target group once the load balancer may invoke it."""
    target, group = resource.get("target_id"), resource.get("target_group_arn")
    if ":lambda:" not in str(target):
        return
    found = _permissions(cloud, target, "elasticloadbalancing.amazonaws.com", group)
    if found:
        cloud.rely(*found)
    else:
        yield Violation(
            resource.at("target_id"), "elasticloadbalancing principal does not have permission to invoke it"
        )


def notified(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A bucket tells functions that it may invoke."""
    bucket = f"arn:aws:s3:::{resource.get('bucket')}"
    for path, target in resource.find("lambda_function.lambda_function_arn"):
        found = _permissions(cloud, target, "s3.amazonaws.com", bucket)
        if found:
            cloud.rely(*found)
        else:
            yield Violation(path, "Unable to validate the following destination configurations: S3 may not invoke it")


def _function_of(cloud: Cloud, target: object) -> Thing | None:
    name = str(target).partition(":function:")[2].partition(":")[0] or target
    return next((one for one in cloud.all("aws_lambda_function") if one.get("function_name") == name), None)


def takes_messages(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """The role may take messages, and they stay hidden for as long as the function may run."""
    source, function = resource.get("event_source_arn"), _function_of(cloud, resource.get("function_name"))
    if ":sqs:" not in str(source) or function is None:
        return
    place = resource.at("function_name")
    for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"):
        yield from _may(cloud, function.get("role"), f"sqs:{action}", source, place, f"{action} on SQS")
    queue = next((one for one in cloud.all("aws_sqs_queue") if one.get("arn") == source), None)
    hidden, runs = (queue.get("visibility_timeout_seconds") if queue else None), function.get("timeout")
    if hidden is not None and runs is not None and int(hidden) < int(runs):
        text = f"Queue visibility timeout: {hidden} seconds is less than Function timeout: {runs} seconds"
        yield Violation(resource.at("event_source_arn"), text)


def group_answers(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A listener leads to a group of functions that has one: all others get a 503."""
    for name in ("default_action.target_group_arn", "action.target_group_arn"):
        for path, arn in resource.find(name):
            group = next((one for one in cloud.all("aws_lb_target_group") if one.get("arn") == arn), None)
            if group is None or group.get("target_type") != "lambda":
                continue
            found = [one for one in cloud.all("aws_lb_target_group_attachment") if one.get("target_group_arn") == arn]
            if found:
                cloud.rely(*found)
            else:
                yield Violation(path, "the target group has no function yet, and would answer 503")


def starts(cloud: Cloud) -> Iterator[str]:
    """Yield a sentence for each schedule whose role may not invoke the function that it is to start."""
    for schedule in cloud.all("aws_scheduler_schedule"):
        for target in schedule.get("target") or []:
            arn = target.get("arn")
            role, policies = policies_of(cloud, target.get("role_arn"))
            if (
                ":lambda:" in str(arn)
                and role
                and not any(_allows(one, "lambda:InvokeFunction", arn) for one in policies)
            ):
                yield f"{schedule.get('name')} would start nothing: its role may not invoke {arn}"


def tried_again(cloud: Cloud) -> Iterator[str]:
    """Yield a sentence for each function with events that nobody waits for, and no place for those that fail."""
    told = [
        (each.get("lambda_function_arn"), "a bucket")
        for one in cloud.all("aws_s3_bucket_notification")
        for each in one.get("lambda_function") or []
    ]
    told += [
        (each.get("arn"), "a schedule")
        for one in cloud.all("aws_scheduler_schedule")
        for each in one.get("target") or []
    ]
    for target, by in told:
        function = _function_of(cloud, target) if ":lambda:" in str(target) else None
        if function is not None and not function.get("dead_letter_config"):
            yield f"events of {by} that {function.get('function_name')} cannot handle are lost"
