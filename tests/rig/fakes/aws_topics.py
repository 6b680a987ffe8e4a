"""A kind of storage for AWS, as small as one can be: what its own module must bring, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import Field

from cloudgen.spec.types import StrictModel, Text
from cloudgen.stack.aws.alarms import Alarm, Metric, Notice
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Grant, Role
from cloudgen.stack.aws.network.security_groups import SecurityGroup
from cloudgen.stack.base import Address, SecretVariable, Variable, label
from cloudgen.stack.held import Fact
from cloudgen.stack.kinds import InStorage
from cloudgen.stack.parity import Table, exact
from cloudgen.stack.readme import File
from cloudgen.stack.summary import SummaryRow

FILE = File("topic.tf", "storage.topics", "topics")
PARITY: Table = {"storage.topics.*.title": exact("nobody sees it")}
SHARED: tuple[Address, ...] = ()


class TopicSpec(StrictModel):
    """A topic."""

    title: Text = Field("news", description="What it is about.")


@dataclass(frozen=True)
class Topic(InStorage, section="topics"):
    """A topic, rendered by topic.tf."""

    name: str
    topic_name: str
    secrets: tuple[SecretVariable, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    secret_grants: tuple[Grant, ...] = ()
    roles: tuple[Role, ...] = ()
    security_groups: tuple[SecurityGroup, ...] = ()
    endpoint: None = None
    vpc_endpoints: tuple[str, ...] = ("sns",)
    picture: str = "SNS topic"
    size: None = None
    waiting: None = None
    keeps: str = "its subscriptions"

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
        return Address("aws_sns_topic", self.label)

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
        return (Variable(f"{self.label.upper()}_TOPIC", self.address.arn),)

    def grants(self, verb: str | None) -> tuple[Grant, ...]:
        """What a verb takes."""
        return (Grant("PublishNews", (f"sns:{(verb or 'publish').title()}",), (self.address.arn,)),)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """None."""
        return ()

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """Messages that did not arrive."""
        topic = {"TopicName": self.address.name}
        return (
            Alarm(
                label=f"{self.label}_topic_failed",
                name=f"{self.topic_name}-topic-failed",
                description=f"Messages of {self.name} did not arrive",
                comparison="GreaterThanThreshold",
                threshold=0,
                evaluation_periods=1,
                datapoints_to_alarm=1,
                metric=Metric("AWS/SNS", "NumberOfNotificationsFailed", "Sum", topic),
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
