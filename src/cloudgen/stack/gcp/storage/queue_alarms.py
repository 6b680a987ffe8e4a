"""What watches a queue in Pub/Sub.

https://cloud.google.com/monitoring/api/metrics_gcp_p_z#gcp-pubsub
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudgen.stack.base import Address, join
from cloudgen.stack.gcp.alarms import Alarm, Threshold

if TYPE_CHECKING:
    from cloudgen.stack.gcp.storage.queue import Queue


def alarms(queue: Queue) -> tuple[Alarm, ...]:
    """Messages that nobody could handle, and messages that wait too long."""
    return (
        _alarm(
            queue,
            "dead_letters",
            "num_undelivered_messages",
            queue.dead_letter_subscription,
            0,
            f"Messages of {queue.name} failed {queue.max_deliveries} times: see {queue.dead_letter_name}.",
        ),
        _alarm(
            queue,
            "age",
            "oldest_unacked_message_age",
            queue.subscription,
            queue.age_limit,
            f"A message of {queue.name} has waited for more than {queue.age_limit // 60} minutes.",
        ),
    )


def _alarm(queue: Queue, kind: str, metric: str, subscription: Address, limit: float, description: str) -> Alarm:
    """The alarm of a metric of one of its subscriptions: at once where nothing is allowed, else after 15 minutes."""
    return Alarm(
        label=f"{queue.label}_queue_{kind}",
        name=f"{queue.alarm_prefix}: queue {queue.name} {kind.replace('_', ' ')}",
        description=description,
        condition=Threshold(
            filter=join(
                f'metric.type = "pubsub.googleapis.com/subscription/{metric}"'
                ' AND resource.type = "pubsub_subscription" AND resource.labels.subscription_id = "',
                subscription.name,
                '"',
            ),
            aligner="ALIGN_MAX",
            value=limit,
        ),
        duration=0 if limit == 0 else 900,
    )
