"""Queues in Pub/Sub: a topic to publish to, a subscription to consume from, and a dead-letter topic behind it."""

from __future__ import annotations

from collections.abc import Mapping

from cloudgen.dataclass import dataclass, replace
from cloudgen.spec.storage import Queue as QueueSpec
from cloudgen.stack import contract
from cloudgen.stack.base import Address, Ref, SecretVariable, Template, Variable, label
from cloudgen.stack.gcp.addresses import APIS_READY, subscription
from cloudgen.stack.gcp.agents import ServiceAgent, key_ready
from cloudgen.stack.gcp.alarms import Alarm
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import Grant, Member, ServiceAccount, on_subscription, on_topic
from cloudgen.stack.gcp.logs import Origin
from cloudgen.stack.gcp.push import Push, comes_back, push, started_by
from cloudgen.stack.gcp.storage.queue_alarms import alarms
from cloudgen.stack.gcp.storage.resource import Endpoint, Place
from cloudgen.stack.held import Fact
from cloudgen.stack.kinds import InStorage
from cloudgen.stack.naming import fit
from cloudgen.stack.parity import Table, approximated, exact
from cloudgen.stack.queue import DEAD_LETTER, DEAD_LETTER_RETENTION, age_limit
from cloudgen.stack.readme import File, Size
from cloudgen.stack.summary import SummaryRow, duration_text

PARITY: Table = {
    "storage.queues.*.ack_deadline": exact("the acknowledgement deadline of the subscription"),
    "storage.queues.*.max_deliveries": approximated("Pub/Sub counts deliveries by estimate, and may deliver once more"),
    "storage.queues.*.retention": exact("the retention of the subscription"),
}
FILE = File("queue.tf", "storage.queues", "Pub/Sub topics and subscriptions, and the dead-letter ones")
SHARED: tuple[Address, ...] = ()

NAME_LIMIT = 255
"""https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names"""


@dataclass(frozen=True)
class Queue(InStorage, section="queues"):
    """A queue with its dead-letter queue, rendered by queue.tf. Times are in seconds."""

    name: str
    queue_name: str
    """Of the topic and of its subscription."""
    dead_letter_name: str
    ack_deadline: int
    retention: int
    max_deliveries: int
    age_limit: int
    """The age of the oldest message from which on something is wrong."""
    before_topic: tuple[Address, ...]
    alarm_prefix: str
    full_name: Template
    """Of the subscription, as text."""
    push: Push | None = None
    """How the messages start a function; None where containers pull them."""
    comes_back: bool = False
    """Whether the function that it starts may send a message here, by way of others."""
    agents: tuple[str, ...] = ("queue",)

    @property
    def label(self) -> str:
        """The Terraform label of the topic and of its subscription."""
        return label(self.name)

    @property
    def dead_letter_label(self) -> str:
        """The Terraform label of the dead-letter topic and of its subscription."""
        return label(self.name + DEAD_LETTER)

    @property
    def topic(self) -> Address:
        """The topic's address."""
        return Address("google_pubsub_topic", self.label)

    @property
    def subscription(self) -> Address:
        """The subscription's address."""
        return subscription(self.name)

    @property
    def dead_letter_topic(self) -> Address:
        """The dead-letter topic's address."""
        return Address("google_pubsub_topic", self.dead_letter_label)

    @property
    def dead_letter_subscription(self) -> Address:
        """The address of the subscription that keeps the dead letters."""
        return Address("google_pubsub_subscription", self.dead_letter_label)

    @property
    def retention_text(self) -> str:
        """The retention as the API writes it."""
        return f"{self.retention}s"

    @property
    def dead_letter_retention_text(self) -> str:
        """The retention of dead letters as the API writes it."""
        return f"{DEAD_LETTER_RETENTION}s"

    @property
    def members(self) -> tuple[Member, ...]:
        """What Pub/Sub itself needs to move a message; without these it moves none, and says nothing.

        https://cloud.google.com/pubsub/docs/handling-failures#grant_forwarding_permissions
        """
        agent = ServiceAgent("queue").member
        return (
            Member(
                f"{self.label}_forwarding",
                Grant("roles/pubsub.subscriber", on_subscription(self.subscription)),
                agent,
            ),
            Member(
                f"{self.dead_letter_label}_forwarding",
                Grant("roles/pubsub.publisher", on_topic(self.dead_letter_topic)),
                agent,
            ),
        )

    @property
    def environment(self) -> tuple[Variable, ...]:
        """Nothing for all: who publishes needs the topic, who consumes the subscription."""
        return ()

    def connected(self, verb: str | None, account: ServiceAccount) -> tuple[Variable, ...]:  # noqa: ARG002
        """The topic to publish to, or the subscription to consume from, each by its full name.

        A subscription that pushes exists after the function that it calls, so that one is told as text.
        """
        pulled = self.subscription.id if self.push is None else self.full_name
        return contract.queue(self.name, self.topic.id if verb == "publish" else pulled)

    def parts(self, verb: str | None) -> Mapping[str, str | Ref]:
        """The short name of the topic or the subscription."""
        pulled = self.subscription.name if self.push is None else self.queue_name
        return {"name": self.topic.name if verb == "publish" else pulled}

    @property
    def secrets(self) -> tuple[SecretVariable, ...]:
        """None: the service account is all that Pub/Sub asks for."""
        return ()

    def grants(self, verb: str | None) -> tuple[Grant, ...]:
        """What publishing or consuming takes.

        https://cloud.google.com/pubsub/docs/access-control#roles
        """
        if verb == "publish":
            return (Grant("roles/pubsub.publisher", on_topic(self.topic)),)
        # What is pushed to a function cannot be pulled.
        if verb == "consume" and self.push is None:
            return (Grant("roles/pubsub.subscriber", on_subscription(self.subscription)),)
        return ()

    @property
    def endpoint(self) -> Endpoint | None:
        """None: Pub/Sub has a public API."""
        return None

    @property
    def apis(self) -> tuple[str, ...]:
        """The API of Pub/Sub."""
        return ("pubsub",)

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """Messages that nobody could handle, and messages that wait too long."""
        return alarms(self)

    @property
    def logs(self) -> tuple[Origin, ...]:
        """None: only audit logs, which account/ keeps."""
        return ()

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Two topics, a subscription of each, and what moves messages from the one to the other."""
        return (
            self.topic,
            self.subscription,
            self.dead_letter_topic,
            self.dead_letter_subscription,
            *(member.address for member in self.members),
        )

    @property
    def granted_agents(self) -> tuple[str, ...]:
        """The agent that moves messages."""
        return ("queue",)

    @property
    def left_behind(self) -> tuple[str, ...]:
        """Nothing."""
        return ()

    @property
    def place(self) -> Place:
        """Behind a public API."""
        return "regional"

    @property
    def keeps(self) -> str:
        """All messages."""
        return "its messages, and those of its dead-letter queue"

    def facts(self, encryption: str) -> tuple[Fact, ...]:  # noqa: ARG002
        """None: whatever the spec says of a queue changes in place."""
        return ()

    @property
    def picture(self) -> str:
        """What stands in the picture."""
        return "Pub/Sub queue"

    @property
    def row(self) -> SummaryRow:
        """What `explain` shows of it."""
        values = {
            "deadline": duration_text(self.ack_deadline),
            "retention": duration_text(self.retention),
            "deliveries": str(self.max_deliveries),
        }
        return SummaryRow("queue", self.name, self.subscription.type, values)

    @property
    def size(self) -> Size | None:
        """None: a queue has no size."""
        return None

    @property
    def before(self) -> tuple[Address, ...]:
        """A message to a topic without a subscription is lost.

        Where functions start each other in a circle, one of them has to be first: they wait for the topics.
        """
        return (self.topic,) if self.comes_back else (self.subscription,)


def decide(foundation: Foundation) -> tuple[Queue, ...]:
    """Decide the queues, in the order of the spec."""
    specs = foundation.deployment.storage.queues
    for name in specs:
        _check_both_verbs(foundation, name)
    return tuple(_queue(foundation, name, spec) for name, spec in specs.items())


def _check_both_verbs(foundation: Foundation, name: str) -> None:
    """One variable cannot hold the topic and the subscription."""
    for container_name, container in foundation.deployment.containers.items():
        verbs = {connection.verb for connection in container.connects_to if connection.name == name}
        if container.trigger is not None and container.trigger.queue == name:
            verbs.add("consume")
        if len(verbs) > 1:
            foundation.problems.error(
                "conflict",
                f"container `{container_name}` publishes to and consumes from `{name}`, and on Google Cloud the one "
                f"takes the topic and the other the subscription: {contract.prefix(name)}_QUEUE cannot be both",
                ("containers", container_name, "connects_to"),
                "let one container publish and another one consume",
            )


def _queue(foundation: Foundation, name: str, spec: QueueSpec) -> Queue:
    deployment = foundation.deployment
    function = started_by(deployment, name)
    found = make(foundation, name, spec, push(function) if function else None)
    return replace(found, comes_back=comes_back(deployment, name))


def make(foundation: Foundation, name: str, spec: QueueSpec, pushed: Push | None) -> Queue:
    """Decide a queue of this name; `pushed` is how its messages start a function."""
    queue_name = fit(f"{foundation.prefix}-{name}", NAME_LIMIT)
    return Queue(
        name=name,
        queue_name=queue_name,
        dead_letter_name=fit(f"{foundation.prefix}-{name}{DEAD_LETTER}", NAME_LIMIT),
        ack_deadline=spec.ack_deadline,
        retention=spec.retention,
        max_deliveries=spec.max_deliveries,
        age_limit=age_limit(spec),
        before_topic=key_ready(foundation) or (APIS_READY,),
        alarm_prefix=foundation.prefix,
        full_name=foundation.resource_name(f"/subscriptions/{queue_name}"),
        push=pushed,
    )
