"""SQS: attributes of a queue."""

from __future__ import annotations

import json
from typing import Any

from moto.sqs.models import Queue


def mend_redrive_allow_policy() -> None:
    """Return the attribute RedriveAllowPolicy, which moto takes and keeps to itself."""
    attributes = Queue.attributes.fget

    def with_redrive_allow_policy(self: Queue) -> dict[str, Any]:
        found = attributes(self)
        if value := self.redrive_allow_policy:
            found["RedriveAllowPolicy"] = value
        else:
            found.pop("RedriveAllowPolicy", None)
        return found

    Queue.attributes = property(with_redrive_allow_policy)
    # The names that GetQueueAttributes accepts; those of a key are listed only where there is one.
    Queue.KMS_ATTRIBUTES = [*Queue.KMS_ATTRIBUTES, "RedriveAllowPolicy"]
    Queue.redrive_allow_policy = None


def mend_redrive_policy_text() -> None:
    """Return RedrivePolicy without spaces, as SQS does; the provider compares it as text."""
    attributes = Queue.attributes.fget

    def compact(self: Queue) -> dict[str, Any]:
        found = attributes(self)
        if value := found.get("RedrivePolicy"):
            found["RedrivePolicy"] = json.dumps(json.loads(value), separators=(",", ":"))
        return found

    Queue.attributes = property(compact)


def mend_forgotten_policy() -> None:
    """Keep a queue's policy when another attribute is set."""
    set_attributes = Queue._set_attributes

    def set_and_keep(self: Queue, attributes: dict[str, Any], now: float | None = None) -> None:
        policy = getattr(self, "policy", None)
        set_attributes(self, attributes, now)
        if "Policy" not in attributes:
            self.policy = policy

    Queue._set_attributes = set_and_keep
