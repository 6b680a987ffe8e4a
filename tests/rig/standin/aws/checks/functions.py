"""Lambda: what a function and what starts it may say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from rig.standin.configuration import Configuration
from rig.standin.shapes import between, every
from rig.standin.violation import Violation

LONGEST, LARGEST = 900, 10240
"""Seconds, and MB of memory."""
VARIABLES = 4 * 1024
"""Bytes of all variables together, names and values."""
RESERVED = [
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_LAMBDA_RUNTIME_API",
    "LAMBDA_TASK_ROOT",
    "LAMBDA_RUNTIME_DIR",
]
OF_ARCHIVES = ("handler", "runtime", "layers", "filename", "s3_bucket", "snap_start")
"""What belongs to code in an archive."""
REGISTRY = re.compile(
    r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/[a-z0-9._/-]+(:[\w.-]+)?(@sha256:[0-9a-f]{64})?"
)


def name(resource: Configuration) -> Iterator[Violation]:
    """A function has a name of at most 64 plain signs."""
    text = resource.get("function_name")
    if isinstance(text, str) and not re.fullmatch(r"[a-zA-Z0-9-_]{1,64}", text):
        yield Violation(resource.at("function_name"), "has 1 to 64 letters, digits, hyphens and underscores")


def image(resource: Configuration) -> Iterator[Violation]:
    """A function of an image has nothing of an archive, and the image lies in ECR."""
    if resource.get("package_type") != "Image":
        return
    for argument in OF_ARCHIVES:
        if resource.is_set(argument):
            yield Violation(resource.at(argument), "is for functions of archives")
    text = resource.get("image_uri")
    if isinstance(text, str) and not REGISTRY.fullmatch(text):
        yield Violation(resource.at("image_uri"), "Source image is not valid: Lambda reads images of ECR alone")
    if not resource.is_set("image_uri"):
        yield Violation(resource.at("image_uri"), "a function of an image has one")


sizes = every(
    between("timeout", 1, LONGEST, " seconds"),
    between("memory_size", 128, LARGEST, " MB"),
    between("ephemeral_storage.size", 512, LARGEST, " MB"),
)


def variables(resource: Configuration) -> Iterator[Violation]:
    """Variables are few and have names that are free."""
    for path, found in resource.find("environment.variables"):
        if not isinstance(found, Mapping):
            continue
        for each in found:
            if each in RESERVED:
                yield Violation(path, f"{each} is reserved: Lambda was unable to configure your environment variables")
            elif not re.fullmatch(r"[a-zA-Z]\w+", each):
                yield Violation(path, f"{each} is no name of a variable")
        size = sum(len(key.encode()) + len(value.encode()) for key, value in found.items() if isinstance(value, str))
        if size > VARIABLES:
            yield Violation(path, f"{size} bytes are more than {VARIABLES}")


def log(resource: Configuration) -> Iterator[Violation]:
    """Levels of a log are for JSON."""
    for block in resource.blocks("logging_config"):
        for level in ("application_log_level", "system_log_level"):
            if block.is_set(level) and block.get("log_format") == "Text":
                yield Violation(block.at(level), "takes log_format JSON")


def alias_version(resource: Configuration) -> Iterator[Violation]:
    """An alias that shares requests out leads to published versions."""
    if resource.is_set("routing_config") and resource.get("function_version") == "$LATEST":
        yield Violation(
            resource.at("function_version"), "$LATEST is not supported for an alias pointing to more than 1 version"
        )


def confused_deputy(resource: Configuration) -> Iterator[Violation]:
    """What invokes by itself says whose it is: the ARN of a bucket does not."""
    if resource.get("principal") == "s3.amazonaws.com" and not resource.is_set("source_account"):
        yield Violation(resource.at("source_account"), "is missing: the name of a bucket that is gone is free")


def batches(resource: Configuration) -> Iterator[Violation]:
    """A batch of more than ten messages has time to come together, and concurrency begins at two."""
    if ":sqs:" not in str(resource.get("event_source_arn", ":sqs:")):
        return
    size, window = resource.get("batch_size"), resource.get("maximum_batching_window_in_seconds")
    if size is not None and not 1 <= int(size) <= 10000:
        yield Violation(resource.at("batch_size"), f"{size} is not between 1 and 10000")
    if size is not None and int(size) > 10 and not (window and int(window) >= 1):
        yield Violation(resource.at("batch_size"), "more than 10 take maximum_batching_window_in_seconds of 1 at least")
    yield from between("scaling_config.maximum_concurrency", 2, 1000)(resource)


retries = every(
    between("maximum_retry_attempts", 0, 2),
    between("maximum_event_age_in_seconds", 60, 21600, " seconds"),
)


def overlapping(resource: Configuration) -> Iterator[Violation]:
    """No two notifications of a bucket are of one object."""
    seen: list[tuple[str, str, set[Any]]] = []
    for block in resource.blocks("lambda_function"):
        prefix, suffix = block.get("filter_prefix") or "", block.get("filter_suffix") or ""
        if block.has_unknown("filter_prefix") or block.has_unknown("filter_suffix"):
            continue
        events = {str(event).split(":")[1] for event in block.get("events") or []}
        for other_prefix, other_suffix, others in seen:
            both = prefix.startswith(other_prefix) or other_prefix.startswith(prefix)
            ends = suffix.endswith(other_suffix) or other_suffix.endswith(suffix)
            if both and ends and events & others:
                yield Violation(block.at("filter_prefix"), "Configurations overlap: both are told of one object")
        seen.append((prefix, suffix, events))


def puller(resource: Configuration) -> Iterator[Violation]:
    """The policy of a repository names no resource: it is the repository's own."""
    try:
        policy = json.loads(resource.get("policy", "null"))
    except ValueError:
        return
    for statement in (policy or {}).get("Statement", []):
        if "Resource" in statement:
            yield Violation(
                ("policy",), "InvalidParameterException: a statement of a repository's policy has no Resource"
            )
        if "Principal" not in statement:
            yield Violation(("policy",), "InvalidParameterException: a statement has no Principal")


def invoked_group(resource: Configuration) -> Iterator[Violation]:
    """A group of functions has no port, protocol or network; only it has headers of many values."""
    kind = resource.get("target_type")
    if kind is None or resource.has_unknown("target_type"):
        return
    for argument in ("port", "protocol", "vpc_id", "protocol_version"):
        if kind == "lambda" and resource.is_set(argument):
            yield Violation(resource.at(argument), "ValidationError: is not for target groups of type lambda")
        elif kind in ("ip", "instance") and argument != "protocol_version" and not resource.is_set(argument):
            yield Violation(resource.at(argument), f"is missing, as target_type is {kind}")
    if kind != "lambda" and resource.get("lambda_multi_value_headers_enabled") is True:
        yield Violation(resource.at("lambda_multi_value_headers_enabled"), "is for target groups of type lambda")


def scheduled_input(resource: Configuration) -> Iterator[Violation]:
    """What a schedule sends to a function is JSON, of 256 KB at most."""
    for block in resource.blocks("target"):
        text = block.get("input")
        if not isinstance(text, str) or ":lambda:" not in str(block.get("arn", ":lambda:")):
            continue
        if len(text.encode()) > 256 * 1024:
            yield Violation(block.at("input"), "is more than 256 KB")
        try:
            json.loads(text)
        except ValueError:
            yield Violation(block.at("input"), "is no JSON")
