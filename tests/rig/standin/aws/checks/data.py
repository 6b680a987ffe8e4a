"""Queues, buckets, keys, secrets, roles and images."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from rig.standin.cloud import Cloud
from rig.standin.configuration import Configuration
from rig.standin.shapes import between, every
from rig.standin.violation import Violation

LONGEST_INLINE, LONGEST_TRUST = 10240, 2048
"""Characters without white space."""

queue_times = every(
    between("visibility_timeout_seconds", 0, 43200, " seconds"),
    between("message_retention_seconds", 60, 1209600, " seconds"),
    between("receive_wait_time_seconds", 0, 20, " seconds"),
    between("delay_seconds", 0, 900, " seconds"),
)
schedule_retries = every(
    between("target.retry_policy.maximum_event_age_in_seconds", 60, 86400, " seconds"),
    between("target.retry_policy.maximum_retry_attempts", 0, 185),
)


def _json(resource: Configuration, name: str) -> Any:
    try:
        return json.loads(resource.get(name, "null"))
    except ValueError:
        return None


def redrive(resource: Configuration) -> Iterator[Violation]:
    """A message is moved after 1 to 1000 deliveries."""
    policy = _json(resource, "redrive_policy")
    if policy is not None and not 1 <= int(policy.get("maxReceiveCount") or 0) <= 1000:
        yield Violation(("redrive_policy",), f"maxReceiveCount {policy.get('maxReceiveCount')} is not 1 to 1000")


def recovery(resource: Configuration) -> Iterator[Violation]:
    """A deleted secret can be restored for 7 to 30 days, or not at all."""
    days = resource.get("recovery_window_in_days")
    if days is not None and int(days) != 0 and not 7 <= int(days) <= 30:
        yield Violation(resource.at("recovery_window_in_days"), f"{days} is neither 0 nor 7 to 30 days")


def key_times(resource: Configuration) -> Iterator[Violation]:
    """A key waits 7 to 30 days for its end, and is rotated every 90 to 2560."""
    yield from between("deletion_window_in_days", 7, 30, " days")(resource)
    yield from between("rotation_period_in_days", 90, 2560, " days")(resource)


def statements(policy: Any) -> list[dict[str, Any]]:
    """Return the statements of a policy, which may stand in a list or alone."""
    found = (policy or {}).get("Statement", [])
    return found if isinstance(found, list) else [found]


def services(statement: dict[str, Any]) -> list[str]:
    """Return the services of AWS that a statement is about."""
    principal = statement.get("Principal")
    found = principal.get("Service", []) if isinstance(principal, dict) else []
    return [found] if isinstance(found, str) else found


def key_policy(resource: Configuration) -> Iterator[Violation]:
    """A key's policy lets somebody change it later."""
    policy = _json(resource, "policy")
    if policy is None or resource.get("bypass_policy_lockout_safety_check") is True:
        return
    for statement in statements(policy):
        actions = statement.get("Action", [])
        allowed = {"kms:*", "kms:PutKeyPolicy"} & set([actions] if isinstance(actions, str) else actions)
        if statement.get("Effect") == "Allow" and allowed and "AWS" in (statement.get("Principal") or {}):
            return
    yield Violation(("policy",), "MalformedPolicyDocument: nobody could update the key policy in the future")


def policy_form(resource: Configuration) -> Iterator[Violation]:
    """A policy is short enough, and each of its statements is whole."""
    for name, longest in (("policy", LONGEST_INLINE), ("assume_role_policy", LONGEST_TRUST)):
        policy = _json(resource, name)
        if policy is None:
            continue
        size = len(re.sub(r"\s", "", resource.get(name)))
        if resource.type in ("aws_iam_role_policy", "aws_iam_role") and size > longest:
            yield Violation((name,), f"{size} characters are more than {longest}")
        trust, inline = name == "assume_role_policy", resource.type == "aws_iam_role_policy"
        for statement in statements(policy):
            missing = [part for part in ("Effect", "Action") if part not in statement and f"Not{part}" not in statement]
            if not trust and not {"Resource", "NotResource"} & set(statement):
                missing.append("Resource")
            if not inline and not {"Principal", "NotPrincipal"} & set(statement):
                missing.append("Principal")
            if inline and {"Principal", "NotPrincipal"} & set(statement):
                yield Violation((name,), "MalformedPolicyDocument: a role's own policy has no Principal")
            if missing:
                yield Violation((name,), f"MalformedPolicyDocument: a statement has no {', '.join(missing)}")


def life_cycle(resource: Configuration) -> Iterator[Violation]:
    """The rules of a bucket's life cycle have ids of their own, do something, and end things once."""
    rules = list(resource.blocks("rule"))
    for identity, times in Counter(rule.get("id") for rule in rules).items():
        if times > 1:
            yield Violation(resource.at("rule.id"), f"{times} rules have the id {identity}")
    for rule in rules:
        actions = ("expiration", "noncurrent_version_expiration", "abort_incomplete_multipart_upload", "transition")
        if not any(rule.is_set(name) for name in (*actions, "noncurrent_version_transition")):
            yield Violation(rule.path, "at least one action needs to be specified")
        for block in rule.blocks("expiration"):
            if block.is_set("expired_object_delete_marker") and (block.is_set("days") or block.is_set("date")):
                yield Violation(block.at("days"), "conflicts with expired_object_delete_marker")


def image_cleanup(resource: Configuration) -> Iterator[Violation]:
    """The rules of a registry's life cycle come one after the other, and that for any image last."""
    rules = (_json(resource, "policy") or {}).get("rules", [])
    priorities = [rule.get("rulePriority") for rule in rules]
    if len(set(priorities)) < len(priorities) or not all(isinstance(one, int) and one > 0 for one in priorities):
        yield Violation(("policy",), f"the priorities {priorities} are not numbers, each once")
        return
    for rule in rules:
        selection = rule.get("selection", {})
        if selection.get("tagStatus") == "any" and rule["rulePriority"] != max(priorities):
            yield Violation(("policy",), "the rule for any image must have the highest rulePriority")
        if selection.get("tagStatus") == "tagged" and not {"tagPrefixList", "tagPatternList"} & set(selection):
            yield Violation(("policy",), "a rule for tagged images has neither prefixes nor patterns")


def _has(resource: Configuration, cloud: Cloud, what: str, at: str, otherwise: str) -> Iterator[Violation]:
    """Demand that a bucket has a setting already, which is a resource of its own."""
    found = [thing for thing in cloud.all(what) if thing.get("bucket") == resource.get("bucket")]
    if found:
        cloud.rely(*found)
    else:
        yield Violation(resource.at(at), otherwise)


def not_at_once(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """S3 refuses to change the policy of a bucket and its block of public access at the same time."""
    otherwise = "OperationAborted: public access to the bucket is not blocked yet"
    yield from _has(resource, cloud, "aws_s3_bucket_public_access_block", "bucket", otherwise)


def versioned(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """What becomes of old versions is said when the bucket has versions."""
    name = "rule.noncurrent_version_expiration"
    if resource.is_set(name):
        yield from _has(resource, cloud, "aws_s3_bucket_versioning", name, "the bucket has no versions yet")
