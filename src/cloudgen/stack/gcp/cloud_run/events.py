"""What starts a service of Cloud Run by events: a queue or a bucket, as whom it is called, and where failed events end.

The subscription of a queue stands in queue.tf, as its queue does: `stack/gcp/push.py` decides how it pushes.
"""

from __future__ import annotations

from cloudgen.dataclass import dataclass, replace
from cloudgen.spec.compute import Platform
from cloudgen.spec.storage import Queue as QueueSpec
from cloudgen.stack import functions
from cloudgen.stack.base import Address, Variable, label
from cloudgen.stack.gcp.addresses import run_service, subscription
from cloudgen.stack.gcp.agents import LOOKED_UP_DATA, STORAGE, ServiceAgent
from cloudgen.stack.gcp.cloud_run.runs import Run, run
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import Grant, Member, ServiceAccount, on_topic, scope, service_account
from cloudgen.stack.gcp.platforms.workload import Around
from cloudgen.stack.gcp.push import CLOCK, STARTER, push
from cloudgen.stack.gcp.storage.queue import Queue, make
from cloudgen.stack.workload import Wanted

OBJECTS = "-objects"
"""How the topic of the news of a bucket ends."""


@dataclass(frozen=True)
class Objects:
    """How new objects of a bucket start a service: Cloud Storage tells a topic, and that one's subscription pushes.

    https://cloud.google.com/storage/docs/pubsub-notifications
    """

    label: str
    bucket: Address
    prefix: str | None
    """The beginning of the keys that it is told of; None for all."""
    queue: Queue
    """The topic with its subscriptions."""
    publisher: Member
    """What lets Cloud Storage's agent publish there."""
    before: tuple[Address, ...]
    """Cloud Storage asks for that grant when the notification is made."""

    @property
    def address(self) -> Address:
        """The notification's address."""
        return Address("google_storage_notification", self.label)

    @property
    def queues(self) -> tuple[Queue, ...]:
        """The topic, for the partial that renders queues."""
        return (self.queue,)

    @property
    def publishers(self) -> tuple[Member, ...]:
        """The grant, for the partial that renders grants."""
        return (self.publisher,)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Topics, subscriptions and grants, and the notification."""
        return (*self.queue.blocks, self.publisher.address, self.address)


@dataclass(frozen=True)
class Telling:
    """What a platform needs beside its containers where Cloud Storage tells one of them of new objects."""

    told: bool
    """Whether Cloud Storage tells any of them."""
    looks_up: bool
    """Whether this platform looks up the agent by which it does."""

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The agent of Cloud Storage, where it is looked up here."""
        return (LOOKED_UP_DATA[STORAGE],) if self.looks_up else ()

    @property
    def agents(self) -> tuple[str, ...]:
        """The agent that encrypts what topics hold."""
        return ("queue",) if self.told else ()

    @property
    def granted_agents(self) -> tuple[str, ...]:
        """The agents that tell of objects: Cloud Storage's publishes, that of Pub/Sub moves what failed."""
        return ("queue", STORAGE) if self.told else ()


def telling(foundation: Foundation, platform: Platform) -> Telling:
    """Decide what telling of objects takes on a platform.

    The agent is looked up once: by the customer's key, which does it for all, or by the platform of the first container
    that is told of objects.
    """
    deployment = foundation.deployment
    told = [
        deployment.platform(each) for each in deployment.containers.values() if each.trigger and each.trigger.bucket
    ]
    return Telling(platform in told, told[:1] == [platform] and not foundation.customer_key)


def answer(foundation: Foundation, wanted: Wanted, around: Around, *, commands: bool = True) -> Run:
    """Decide what runs a container that answers requests or events; events go through a part of the image.

    `commands` says whether a job beside it runs its commands.
    """
    source, trigger = functions.source(wanted), wanted.spec.trigger
    functions.refuse_foreign_image(wanted, foundation.problems)
    functions.tell_loop(wanted, foundation.problems)
    handed = None if source is None or not wanted.spec.command else (*functions.HAND_OVER, *wanted.spec.command)
    decided = run(
        foundation,
        wanted,
        around,
        runs_as="service",
        commands=commands,
        variables=() if source is None else (Variable(functions.SOURCE, source),),
        arguments=handed,
    )
    # The subscription that starts it has its address, so it exists after it, though it connects to that.
    pushing = subscription(trigger.queue) if trigger is not None and trigger.queue is not None else None
    return replace(decided, before=tuple(each for each in decided.before if each != pushing))


def starter(foundation: Foundation, wanted: Wanted) -> ServiceAccount | None:
    """The account by which Pub/Sub or Cloud Scheduler calls a service; None where visitors do.

    A new service has no grants, so the grant names it by what only this service has.
    """
    if functions.source(wanted) is None:
        return None
    name, address = wanted.name, run_service(wanted.name)
    ending, words = (CLOCK, "by the clock") if wanted.spec.schedule else (STARTER, "on events")
    on_service = scope(
        "google_cloud_run_v2_service_iam_member", address.label, name=address.id, location=address.location
    )
    grant = Grant("roles/run.invoker", on_service)
    return service_account(foundation.prefix, f"{name}{ending}", f"Starts {name} {words}", [grant])


def objects(foundation: Foundation, wanted: Wanted) -> Objects | None:
    """Decide how a service is told of new objects; None where no bucket starts it."""
    trigger = wanted.spec.trigger
    if trigger is None or trigger.bucket is None:
        return None
    spec = QueueSpec.model_validate({"ack_deadline": functions.event_timeout(wanted)})
    to = push(wanted.name)
    queue = make(foundation, f"{wanted.name}{OBJECTS}", spec, to)
    grant = Grant("roles/pubsub.publisher", on_topic(queue.topic))
    return Objects(
        label=label(wanted.name),
        bucket=Address("google_storage_bucket", label(trigger.bucket)),
        prefix=trigger.prefix,
        queue=queue,
        publisher=Member(f"{queue.label}_telling", grant, ServiceAgent(STORAGE).member),
        before=to.before,
    )
