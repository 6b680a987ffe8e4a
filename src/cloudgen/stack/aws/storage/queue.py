"""Queues in SQS, each with a dead-letter queue behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudgen.dataclass import dataclass
from cloudgen.spec.storage import Queue as QueueSpec
from cloudgen.stack import contract
from cloudgen.stack.aws.alarms import Alarm, Metric, Notice
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Grant, Role
from cloudgen.stack.aws.kms import use_key
from cloudgen.stack.aws.network.security_groups import Endpoint, SecurityGroup
from cloudgen.stack.base import Address, Ref, SecretVariable, Variable, label
from cloudgen.stack.held import Fact
from cloudgen.stack.kinds import InStorage
from cloudgen.stack.naming import fit
from cloudgen.stack.parity import Table, exact, in_some_cases
from cloudgen.stack.queue import DEAD_LETTER, DEAD_LETTER_RETENTION, age_limit, starts_function
from cloudgen.stack.readme import File
from cloudgen.stack.summary import SummaryRow, duration_text

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
NAME_LIMIT = 80
HIDDEN = 6
"""How many times the deadline of a function a message stays hidden from others.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-queueconfig
"""


PARITY: Table = {
    "storage.queues.*.ack_deadline": in_some_cases(
        "approximated", "the visibility timeout of the SQS queue; six deadlines, where it starts a function"
    ),
    "storage.queues.*.max_deliveries": exact("the redrive policy of the SQS queue"),
    "storage.queues.*.retention": exact("the retention of the SQS queue"),
}
FILE = File("queue.tf", "storage.queues", "SQS queues and their dead-letter queues")
SHARED: tuple[Address, ...] = ()


@dataclass(frozen=True)
class Queue(InStorage, section="queues"):
    """A queue with its dead-letter queue, rendered by queue.tf. Times are in seconds."""

    name: str
    queue_name: str
    dead_letter_name: str
    visibility_timeout: int
    """How long a received message stays hidden from other consumers."""
    retention: int
    dead_letter_retention: int
    max_deliveries: int
    age_limit: int
    """The age of the oldest message from which on something is wrong."""
    alarm_prefix: str
    publish_key_grants: tuple[Grant, ...]
    consume_key_grants: tuple[Grant, ...]
    roles: tuple[Role, ...] = ()
    security_groups: tuple[SecurityGroup, ...] = ()
    size: None = None

    @property
    def label(self) -> str:
        """The Terraform label."""
        return label(self.name)

    @property
    def dead_letter_label(self) -> str:
        """The Terraform label of the dead-letter queue."""
        return label(self.name + DEAD_LETTER)

    @property
    def address(self) -> Address:
        """The queue's address."""
        return Address("aws_sqs_queue", self.label)

    @property
    def dead_letter(self) -> Address:
        """The dead-letter queue's address."""
        return Address("aws_sqs_queue", self.dead_letter_label)

    @property
    def policies(self) -> tuple[QueuePolicy, ...]:
        """The policies of both queues."""
        return (QueuePolicy(self.label, self.address), QueuePolicy(self.dead_letter_label, self.dead_letter))

    @property
    def redrive_policy(self) -> dict[str, Any]:
        """When a message goes to the dead-letter queue, in the words of the SQS API."""
        return {"deadLetterTargetArn": self.dead_letter.arn, "maxReceiveCount": self.max_deliveries}

    @property
    def redrive_allow_policy(self) -> dict[str, Any]:
        """Whose messages the dead-letter queue takes, in the words of the SQS API."""
        return {"redrivePermission": "byQueue", "sourceQueueArns": (self.address.arn,)}

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Every block of _queue.tf.j2."""
        return (
            self.address,
            self.dead_letter,
            Address("aws_sqs_queue_redrive_allow_policy", self.dead_letter_label),
            *(address for policy in self.policies for address in (policy.document, policy.address)),
        )

    @property
    def keeps(self) -> str:
        """All messages."""
        return "its messages, and those of its dead-letter queue"

    def facts(self, encryption: str) -> tuple[Fact, ...]:  # noqa: ARG002
        """None: whatever the spec says of a queue changes in place."""
        return ()

    @property
    def picture(self) -> str:
        """What it is."""
        return "SQS queue"

    @property
    def row(self) -> SummaryRow:
        """How long messages live, and how often they are delivered."""
        values = {
            "deadline": duration_text(self.visibility_timeout),
            "retention": duration_text(self.retention),
            "deliveries": str(self.max_deliveries),
        }
        return SummaryRow("queue", self.name, self.address.type, values)

    @property
    def environment(self) -> tuple[Variable, ...]:
        """The queue's URL."""
        return contract.queue(self.name, self.address.url)

    @property
    def secrets(self) -> tuple[SecretVariable, ...]:
        """None: the task role is all that SQS asks for."""
        return ()

    @property
    def parts(self) -> Mapping[str, Ref]:
        """What programs call it by that do not take the URL by the name of the contract."""
        return {"name": self.address.name, "url": self.address.url, "arn": self.address.arn}

    @property
    def secret_grants(self) -> tuple[Grant, ...]:
        """None, as there are no secrets."""
        return ()

    def grants(self, verb: str | None) -> tuple[Grant, ...]:
        """What publishing or consuming takes.

        https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
        """
        look = ("sqs:GetQueueAttributes", "sqs:GetQueueUrl")
        if verb == "publish":
            return (Grant("PublishMessages", ("sqs:SendMessage", *look), (self.address.arn,)), *self.publish_key_grants)
        if verb == "consume":
            receive = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility")
            return (Grant("ConsumeMessages", (*receive, *look), (self.address.arn,)), *self.consume_key_grants)
        return ()

    @property
    def endpoint(self) -> Endpoint | None:
        """None: SQS has a public API."""
        return None

    @property
    def vpc_endpoints(self) -> tuple[str, ...]:
        """The interface endpoint that reaches SQS from a private network."""
        return ("sqs",)

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """Messages that nobody could handle, and messages that wait too long."""
        return (
            Alarm(
                label=f"{self.label}_queue_dead_letters",
                name=f"{self.alarm_prefix}-queue-dead-letters",
                description=f"Messages of {self.name} failed {self.max_deliveries} times: see {self.dead_letter_name}",
                comparison="GreaterThanThreshold",
                threshold=0,
                evaluation_periods=1,
                datapoints_to_alarm=1,
                metric=Metric(
                    "AWS/SQS",
                    "ApproximateNumberOfMessagesVisible",
                    "Maximum",
                    {"QueueName": self.dead_letter.name},
                    period=300,
                ),
            ),
            Alarm(
                label=f"{self.label}_queue_age",
                name=f"{self.alarm_prefix}-queue-age",
                description=f"A message of {self.name} has waited for more than {self.age_limit // 60} minutes",
                comparison="GreaterThanThreshold",
                threshold=self.age_limit,
                evaluation_periods=3,
                datapoints_to_alarm=3,
                metric=Metric(
                    "AWS/SQS",
                    "ApproximateAgeOfOldestMessage",
                    "Maximum",
                    {"QueueName": self.address.name},
                    period=300,
                ),
            ),
        )

    @property
    def waiting(self) -> Metric:
        """The messages that no consumer has yet.

        https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
        """
        return Metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Sum", {"QueueName": self.address.name})

    @property
    def notices(self) -> tuple[Notice, ...]:
        """None."""
        return ()

    @property
    def before(self) -> tuple[Address, ...]:
        """Messages pass a queue's policy, so it stands before the first one is sent."""
        return (self.policies[0].address,)


@dataclass(frozen=True)
class QueuePolicy:
    """A policy that refuses plain HTTP, for one queue."""

    queue_label: str
    queue: Address

    @property
    def label(self) -> str:
        """The Terraform label of the policy, which is the queue's."""
        return self.queue_label

    @property
    def address(self) -> Address:
        """The policy's address."""
        return Address("aws_sqs_queue_policy", self.label)

    @property
    def document_label(self) -> str:
        """The label of the policy document; roles have documents, too, so this one says what it is about."""
        return f"{self.queue_label}_queue"

    @property
    def document(self) -> Address:
        """The policy document."""
        return Address("data.aws_iam_policy_document", self.document_label)

    @property
    def resources(self) -> tuple[object, ...]:
        """What the policy is about. SQS refuses a policy about any other queue."""
        return (self.queue.arn,)


def decide(foundation: Foundation) -> tuple[Queue, ...]:
    """Decide the queues, in the order of the spec."""
    specs = foundation.deployment.storage.queues
    return tuple(_queue(foundation, name, spec) for name, spec in specs.items())


def _queue(foundation: Foundation, name: str, spec: QueueSpec) -> Queue:
    if starts_function(foundation.deployment, name):
        # Lambda holds messages for a while before it starts a function, and that time counts.
        spec = spec.model_copy(update={"ack_deadline": spec.ack_deadline * HIDDEN})
    return Queue(
        name=name,
        queue_name=fit(f"{foundation.prefix}-{name}", NAME_LIMIT),
        dead_letter_name=fit(f"{foundation.prefix}-{name}{DEAD_LETTER}", NAME_LIMIT),
        visibility_timeout=spec.ack_deadline,
        retention=spec.retention,
        dead_letter_retention=DEAD_LETTER_RETENTION,
        max_deliveries=spec.max_deliveries,
        age_limit=age_limit(spec),
        alarm_prefix=f"{foundation.prefix}-{name}",
        # A producer decrypts as well: SQS reuses a data key for some minutes.
        # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
        publish_key_grants=use_key(foundation, "EncryptMessages", "sqs", "Decrypt", "GenerateDataKey"),
        consume_key_grants=use_key(foundation, "DecryptMessages", "sqs", "Decrypt"),
    )
