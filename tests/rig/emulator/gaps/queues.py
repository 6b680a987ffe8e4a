"""SQS: attributes of a queue that are JSON."""

from __future__ import annotations

from typing import Any

from moto.sqs.models import Queue

JSON = ("Policy", "RedriveAllowPolicy", "RedrivePolicy")


def mend_json_attributes() -> None:
    """Return JSON attributes as the text that was set, until they are set again.

    moto forgets Policy when another attribute is set, never returns RedriveAllowPolicy, and writes RedrivePolicy with
    spaces that SQS does not write.
    """
    set_attributes = Queue._set_attributes
    attributes = Queue.attributes.fget

    def set_and_keep(self: Queue, given: dict[str, Any], now: float | None = None) -> None:
        texts = {**getattr(self, "json_texts", {}), **{name: given[name] for name in JSON if name in given}}
        set_attributes(self, {**given, **({"Policy": texts["Policy"]} if texts.get("Policy") else {})}, now)
        self.json_texts = texts

    def with_texts(self: Queue) -> dict[str, Any]:
        found = {name: value for name, value in attributes(self).items() if name not in JSON}
        return {**found, **{name: text for name, text in self.json_texts.items() if text}}

    Queue._set_attributes = set_and_keep
    Queue.attributes = property(with_texts)
    # The names that GetQueueAttributes accepts; those of a key are listed only where there is one.
    Queue.KMS_ATTRIBUTES = [*Queue.KMS_ATTRIBUTES, "RedriveAllowPolicy"]
    Queue.redrive_allow_policy = None
