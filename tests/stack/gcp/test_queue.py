"""Queues in Pub/Sub: who gets the topic and who the subscription, dead letters, and when somebody is told."""

from __future__ import annotations

import pytest

from cloudgen.stack.gcp.alarms import Threshold
from cloudgen.stack.gcp.iam import service_account
from cloudgen.stack.gcp.storage.queue import Queue
from cloudgen.stack.gcp.storage.queue import decide as queues
from rig.parts.gcp import make_foundation, refused, told

ACCOUNT = service_account("shop-prod", "web", "")


def _queue(fields: str = "", containers: str = "{web: {port: 80}}") -> tuple[Queue, list[tuple[str, str]]]:
    foundation = make_foundation(f"storage: {{queues: {{jobs: {{{fields}}}}}}}\ncontainers: {containers}")
    (queue,) = queues(foundation)
    return queue, told(foundation)


def test_names_and_times() -> None:
    queue, problems = _queue("ack_deadline: 90s, retention: 3d, max_deliveries: 7")
    assert (queue.queue_name, queue.dead_letter_name) == ("shop-prod-jobs", "shop-prod-jobs-dead-letter")
    assert (queue.ack_deadline, queue.retention_text, queue.max_deliveries) == (90, "259200s", 7)
    assert queue.dead_letter_retention_text == "1209600s"
    assert problems == []


@pytest.mark.parametrize(
    ("verb", "value", "role", "scope"),
    [
        ("publish", "google_pubsub_topic.jobs.id", "publisher", "google_pubsub_topic_iam_member"),
        ("consume", "google_pubsub_subscription.jobs.id", "subscriber", "google_pubsub_subscription_iam_member"),
    ],
)
def test_each_side_gets_its_own(verb: str, value: str, role: str, scope: str) -> None:
    queue, _ = _queue()
    (variable,) = queue.connected(verb, ACCOUNT)
    assert (variable.name, str(variable.value)) == ("JOBS_QUEUE", value)
    (grant,) = queue.grants(verb)
    assert (grant.role, grant.scope.type) == (f"roles/pubsub.{role}", scope)
    assert queue.environment == ()


def test_one_container_cannot_do_both() -> None:
    _, problems = _queue(containers='{web: {port: 80, connects_to: ["jobs:publish", "jobs:consume"]}}')
    assert problems == [("conflict", "containers.web.connects_to")]


def test_pubsub_itself_may_move_dead_letters() -> None:
    queue, _ = _queue()
    assert [(str(member.address), member.grant.role) for member in queue.members] == [
        ("google_pubsub_subscription_iam_member.jobs_forwarding", "roles/pubsub.subscriber"),
        ("google_pubsub_topic_iam_member.jobs_dead_letter_forwarding", "roles/pubsub.publisher"),
    ]
    assert {member.member for member in queue.members} == {queue.members[0].member}


def test_the_name_of_a_dead_letter_queue_is_taken() -> None:
    foundation = make_foundation("storage: {queues: {jobs: {}, jobs-dead-letter: {}}}\ncontainers: {web: {port: 80}}")
    assert refused(foundation) == [("reserved-name", "storage.queues.jobs-dead-letter")]


@pytest.mark.parametrize(
    ("fields", "limit"),
    [
        ("ack_deadline: 60s, max_deliveries: 5, retention: 7d", 3600),
        ("ack_deadline: 600s, max_deliveries: 100, retention: 7d", 60000),
        ("ack_deadline: 600s, max_deliveries: 100, retention: 1h", 1800),
    ],
)
def test_when_a_message_has_waited_too_long(fields: str, limit: int) -> None:
    queue, _ = _queue(fields)
    dead, age = (alarm.condition for alarm in queue.alarms)
    assert isinstance(dead, Threshold)
    assert isinstance(age, Threshold)
    assert (dead.value, age.value) == (0, limit)
    assert [alarm.duration for alarm in queue.alarms] == [0, 900]
