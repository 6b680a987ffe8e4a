"""What calls by itself, by messages or by the clock: what Pub/Sub and Cloud Scheduler refuse, and what they add.

Ranges are those that the descriptions of the discovery documents name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import available_timezones

from rig.gcp.outputs_compute import defaults
from rig.gcp.policies import unknown_account
from rig.gcp.refusal import Refusal, invalid, missing
from rig.gcp.store import Store

Json = dict[str, Any]

WITH_BODY = ("POST", "PUT", "PATCH")
KEPT = frozenset(("lastAttemptTime", "name", "scheduleTime", "state", "status", "userUpdateTime"))
"""What stays when a job of Cloud Scheduler is replaced by a patch without a mask: its target is replaced as a whole.

https://github.com/googleapis/google-cloud-python/issues/9967
"""
DURATION = re.compile(r"(\d+)(\.\d+)?s")


def _seconds(text: str, where: str) -> int:
    found = DURATION.fullmatch(text)
    return int(found[1]) if found else invalid(f"Invalid value at '{where}' (Duration), {text!r}")


def _acts_as(store: Store, token: Json) -> None:
    """Refuse a token of an account that is not there, in the words that Google has for accounts it cannot act as."""
    account = token.get("serviceAccountEmail", "")
    if not account or unknown_account(store, account):
        text = 'The principal (user or service account) lacks IAM permission "iam.serviceAccounts.actAs" for the'
        raise Refusal(403, f'{text} resource "{account}" (or the resource may not exist).', "forbidden")


def _argument(name: str) -> None:
    """Refuse an argument as Pub/Sub does: https://github.com/googleapis/nodejs-pubsub/issues/1111."""
    invalid(f"You have passed an invalid argument to the service (argument={name}).")


def _topic(store: Store, name: str) -> None:
    if not store.has("pubsub", f"/v1/{name}"):
        missing(name)


def _subscription(store: Store, item: str, value: Json) -> None:
    _topic(store, value["topic"])
    defaults(value, messageRetentionDuration="604800s", expirationPolicy={"ttl": "2678400s"}, pushConfig={})
    defaults(value, ackDeadlineSeconds=10, state="ACTIVE")
    if not 10 <= value["ackDeadlineSeconds"] <= 600:
        _argument("ack_deadline_seconds")
    if not 600 <= _seconds(value["messageRetentionDuration"], "messageRetentionDuration") <= 31 * 24 * 3600:
        _argument("message_retention_duration")
    dead = value.get("deadLetterPolicy")
    if dead is not None:
        _topic(store, dead.get("deadLetterTopic", ""))
        if not 5 <= dead.setdefault("maxDeliveryAttempts", 5) <= 100:
            _argument("dead_letter_policy.max_delivery_attempts")
    push = value["pushConfig"]
    if push and not push.get("pushEndpoint", "").startswith("https://"):
        _argument("PushConfig::push_endpoint")
    if "oidcToken" in push:
        _acts_as(store, push["oidcToken"])


def _job(store: Store, item: str, value: Json) -> None:
    defaults(value, state="ENABLED", timeZone="UTC")
    if value["timeZone"].lower() != "utc" and value["timeZone"] not in available_timezones():
        invalid(f"Invalid time zone: {value['timeZone']}")
    if not value.get("schedule"):
        invalid("Schedule is required")
    if retries := value.get("retryConfig"):
        defaults(retries, maxRetryDuration="0s", minBackoffDuration="5s", maxBackoffDuration="3600s", maxDoublings=5)
        if not 0 <= retries.get("retryCount", 0) <= 5:
            invalid("RetryConfig.retry_count must be between 0 and 5")
    if "httpTarget" in value:
        defaults(value, attemptDeadline="180s")
        if not 15 <= _seconds(value["attemptDeadline"], "attemptDeadline") <= 1800:
            invalid("attempt_deadline must be in [15s, 30m]")
        _target(store, value["httpTarget"])


def _target(store: Store, target: Json) -> None:
    defaults(target, httpMethod="POST")
    if not target.get("uri", "").startswith(("http://", "https://")):
        invalid(f"HttpTarget.uri is invalid: {target.get('uri')!r}")
    if target.get("body") and target["httpMethod"] not in WITH_BODY:
        invalid(f"HttpTarget.body is not allowed with {target['httpMethod']}")
    headers = target.setdefault("headers", {})
    headers["User-Agent"] = "Google-Cloud-Scheduler"
    if target.get("body"):
        headers.setdefault("Content-Type", "application/octet-stream")
    for token in ("oidcToken", "oauthToken"):
        if token in target:
            _acts_as(store, target[token])
            # Shown when it is read, though nobody sent it: hashicorp/google takes it away again.
            headers["Authorization"] = "Bearer redacted"


SETTLED: Mapping[str, Callable[[Store, str, Json], None]] = {"Job": _job, "Subscription": _subscription}
"""By the name of a schema: what is checked and added whenever one is made or changed."""
