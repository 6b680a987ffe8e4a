"""Queues: names, times, grants and what counts as wrong."""

from __future__ import annotations

import pytest

from cloudgen.render.hcl import encode
from cloudgen.stack.aws.storage.queue import Queue
from cloudgen.stack.aws.storage.queue import decide as queues
from rig.parts.aws import WEB, make_foundation, refused


def make_queue(settings: str = "", security: str = "{}") -> Queue:
    (queue,) = queues(
        make_foundation(f"{WEB}\nstorage: {{queues: {{jobs: {{{settings}}}}}}}\nsecurity: {security}"),
    )
    return queue


def test_spec_is_taken_over() -> None:
    queue = make_queue("ack_deadline: 120s, max_deliveries: 7, retention: 3d")
    assert (queue.queue_name, queue.dead_letter_name) == ("shop-prod-jobs", "shop-prod-jobs-dead-letter")
    assert (queue.visibility_timeout, queue.retention, queue.max_deliveries) == (120, 3 * 86400, 7)
    assert queue.dead_letter_retention >= queue.retention
    assert queue.redrive_policy == {"deadLetterTargetArn": queue.dead_letter.arn, "maxReceiveCount": 7}


def test_longest_names_fit() -> None:
    name = "a" * 24
    head = "version: 1\nname: abcdefghijklmno\nenvironment: staging\ntargets: {aws: {region: eu-west-1}}\n"
    (queue,) = queues(make_foundation(f"{WEB}\nstorage: {{queues: {{{name}: {{}}}}}}", head))
    assert len(queue.queue_name) <= 80
    assert len(queue.dead_letter_name) <= 80
    assert queue.queue_name != queue.dead_letter_name


def test_publishers_cannot_receive_and_consumers_cannot_send() -> None:
    queue = make_queue()
    publish = {action for grant in queue.grants("publish") for action in grant.actions}
    consume = {action for grant in queue.grants("consume") for action in grant.actions}
    assert "sqs:SendMessage" in publish
    assert "sqs:SendMessage" not in consume
    assert {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"} <= consume - publish
    assert "kms:GenerateDataKey" in publish - consume
    assert "kms:Decrypt" in publish & consume
    assert queue.grants(None) == ()


def test_grants_name_no_key_without_one() -> None:
    queue = make_queue(security="{encryption: provider_managed}")
    actions = [action for verb in ("publish", "consume") for grant in queue.grants(verb) for action in grant.actions]
    assert not [action for action in actions if action.startswith("kms:")]


def test_statement_ids_are_distinct_when_a_container_does_both() -> None:
    queue = make_queue()
    sids = [grant.sid for verb in ("publish", "consume") for grant in queue.grants(verb)]
    assert len(sids) == len(set(sids))


@pytest.mark.parametrize(
    ("settings", "limit"),
    [
        ("ack_deadline: 60s, max_deliveries: 5", 3600),  # an hour at least
        ("ack_deadline: 600s, max_deliveries: 10", 6000),  # ten attempts of ten minutes
        ("ack_deadline: 600s, max_deliveries: 100, retention: 1h", 1800),  # before messages are lost
    ],
)
def test_age_that_means_trouble(settings: str, limit: int) -> None:
    (_, age) = make_queue(settings).alarms
    assert age.threshold == limit


def test_any_dead_letter_is_an_alarm() -> None:
    queue = make_queue()
    (dead, _) = queue.alarms
    assert (dead.comparison, dead.threshold, dead.datapoints_to_alarm) == ("GreaterThanThreshold", 0, 1)
    assert dead.metric is not None
    assert dead.metric.dimensions == {"QueueName": queue.dead_letter.name}
    assert str(queue.dead_letter) == "aws_sqs_queue.jobs_dead_letter"


def test_name_of_a_dead_letter_queue_is_taken() -> None:
    foundation = make_foundation(f"{WEB}\nstorage: {{queues: {{jobs: {{}}, jobs-dead-letter: {{}}}}}}")
    assert refused(foundation) == [("reserved-name", "storage.queues.jobs-dead-letter")]


def test_such_a_name_alone_is_free() -> None:
    foundation = make_foundation(f"{WEB}\nstorage: {{queues: {{jobs-dead-letter: {{}}}}}}")
    queues(foundation)
    assert not foundation.problems.found


def test_containers_learn_the_url() -> None:
    (variable,) = make_queue().environment
    assert (variable.name, encode(variable.value)) == ("JOBS_QUEUE", "aws_sqs_queue.jobs.url")
