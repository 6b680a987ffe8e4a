"""What queues have in common on every cloud: the queue behind each for what failed, and when a message is late."""

from __future__ import annotations

from cloudgen.spec.deployment import Deployment
from cloudgen.spec.storage import Queue
from cloudgen.spec.units import DAY

DEAD_LETTER = "-dead-letter"
"""How the names of dead-letter queues end."""
DEAD_LETTER_RETENTION = 14 * DAY
"""Seconds that messages are kept there: 14 days, the longest that SQS does; time to find out why they failed."""


def starts_function(deployment: Deployment, queue: str) -> bool:
    """Whether a container is triggered by a queue."""
    triggers = (container.trigger for container in deployment.containers.values())
    return any(trigger is not None and trigger.queue == queue for trigger in triggers)


def age_limit(spec: Queue) -> int:
    """Seconds after which a message was handled or given up, were its consumers at work; an hour at least.

    Never more than half of the retention, so that there is time to act before messages are lost.
    """
    return min(max(spec.ack_deadline * spec.max_deliveries, 3600), spec.retention // 2)
