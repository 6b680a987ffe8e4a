"""A kind of storage for Google Cloud, as small as one can be: what its own module must bring, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cloudgen.stack.base import Address, SecretVariable, Variable, join, label
from cloudgen.stack.gcp.alarms import Alarm, Threshold
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import Grant, ServiceAccount, on_topic
from cloudgen.stack.gcp.logs import Origin
from cloudgen.stack.gcp.storage.resource import Place
from cloudgen.stack.held import Fact
from cloudgen.stack.kinds import InStorage
from cloudgen.stack.parity import Table, exact
from cloudgen.stack.readme import File
from cloudgen.stack.summary import SummaryRow

FILE = File("topic.tf", "storage.topics", "topics")
PARITY: Table = {"storage.topics.*.title": exact("nobody sees it")}
SHARED: tuple[Address, ...] = ()


@dataclass(frozen=True)
class Topic(InStorage, section="topics"):
    """A topic, rendered by topic.tf."""

    name: str
    topic_name: str
    secrets: tuple[SecretVariable, ...] = ()
    endpoint: None = None
    apis: tuple[str, ...] = ("pubsub",)
    agents: tuple[str, ...] = ()
    granted_agents: tuple[str, ...] = ()
    logs: tuple[Origin, ...] = ()
    place: Place = "regional"
    picture: str = "Pub/Sub topic"
    size: None = None
    keeps: str = "its subscriptions"
    left_behind: tuple[str, ...] = ()

    def parts(self, verb: str | None) -> Mapping[str, str]:  # noqa: ARG002
        """None beside the variables."""
        return {}

    def facts(self, encryption: str) -> tuple[Fact, ...]:  # noqa: ARG002
        """None: everything changes in place."""
        return ()

    @property
    def label(self) -> str:
        """The Terraform label."""
        return label(self.name)

    @property
    def address(self) -> Address:
        """The topic's address."""
        return Address("google_pubsub_topic", self.label)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The topic."""
        return (self.address,)

    @property
    def before(self) -> tuple[Address, ...]:
        """The topic."""
        return (self.address,)

    @property
    def environment(self) -> tuple[Variable, ...]:
        """Where to publish."""
        return (Variable(f"{self.label.upper()}_TOPIC", self.address.id),)

    def connected(self, verb: str | None, account: ServiceAccount) -> tuple[Variable, ...]:  # noqa: ARG002
        """Nothing more."""
        return ()

    def grants(self, verb: str | None) -> tuple[Grant, ...]:
        """What a verb takes."""
        return (Grant(f"roles/pubsub.{verb or 'publish'}er", on_topic(self.address)),)

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """Messages that did not arrive."""
        metric = 'metric.type = "pubsub.googleapis.com/topic/send_request_count" AND resource.type = "pubsub_topic"'
        return (
            Alarm(
                label=f"{self.label}_topic_failed",
                name=f"{self.topic_name}: topic failed",
                description=f"Messages of {self.name} did not arrive.",
                condition=Threshold(
                    join(f'{metric} AND resource.labels.topic_id = "', self.address.name, '"'), "ALIGN_RATE", 0
                ),
            ),
        )

    @property
    def row(self) -> SummaryRow:
        """What `explain` shows."""
        return SummaryRow("topic", self.name, self.address.type, {"name": self.topic_name})


def decide(foundation: Foundation) -> tuple[Topic, ...]:
    """Decide the topics, in the order of the spec."""
    specs = getattr(foundation.deployment.storage, "topics", {})
    return tuple(Topic(name, f"{foundation.prefix}-{name}") for name in specs)
