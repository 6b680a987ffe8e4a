"""The images of functions under Amazon's own Runtime Interface Emulator: what Lambda sends them, and what they answer.

Where no registry answers, a stand-in of the Lambda Web Adapter is in them; everything else is as it is deployed.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cloudgen.stack.functions import HAND_OVER
from images.conftest import CASES, Provide
from rig.containers.container import Docker
from rig.containers.lambda_function import EVENTS, Lambda, under_emulator
from rig.containers.locking import BASES
from rig.containers.secrets_manager import secrets_from_it, secrets_manager
from rig.containers.sent import alb, s3, sqs
from rig.figures import Figures
from rig.images.bases import images_of

pytestmark = pytest.mark.docker

SECRET = "correct horse battery staple"


@contextmanager
def function(
    docker: Docker, bases: Provide, emulator: Path, folder: Path, container: str, variables: dict[str, str]
) -> Iterator[Lambda]:
    """Build the image of a container of the golden spec, and run it as Lambda does."""
    case = CASES[f"functions-{container}"]
    bases([*BASES, *images_of(case.dockerfile.read_text(encoding="utf-8"))])
    tag, name = f"{case.tag}-lambda", f"cloudgen-test-lambda-{container}"
    docker.build(case.write(folder, docker), folder, tag)
    try:
        with (
            secrets_manager(docker, tag, SECRET),
            under_emulator(docker, emulator, tag, name, variables) as made,
        ):
            yield made
    finally:
        docker.remove("rmi", tag)


def test_messages_are_handled_one_by_one_and_a_poisoned_one_is_told(
    docker: Docker, bases: Provide, emulator: Path, tmp_path: Path, figures: Figures
) -> None:
    told = {
        **EVENTS,
        "EVENT_SOURCE": "/queues/prints",
        **secrets_from_it(["PRINTER_TOKEN"]),
    }
    with function(docker, bases, emulator, tmp_path, "printer", told) as made:
        assert made.invoke(sqs("page 1", "poison", "page 3")) == {
            "batchItemFailures": [{"itemIdentifier": "message-1"}]
        }
        assert made.invoke(sqs("page 4")) == {"batchItemFailures": []}
        first = made.told()[0]
        assert (first["type"], first["source"], first["id"]) == ("queue.message", "/queues/prints", "message-0")
        assert (first["data"], first["time"]) == ("page 1", "2018-12-17T21:37:29Z")
        assert [each["data"] for each in made.told()] == ["page 1", "poison", "page 3", "page 4"]
        # The application has the secret, and nothing that says what a container is has it.
        assert "secrets ['PRINTER_TOKEN']" in docker.run("logs", made.name)
        kept = json.dumps([docker.inspect(made.name), docker.image(f"{CASES['functions-printer'].tag}-lambda")])
        assert SECRET not in kept + docker.run("history", "--no-trunc", f"{CASES['functions-printer'].tag}-lambda")
        assert SECRET not in docker.run("logs", made.name)
        poisoned_message_ends_among_dead_letters(made)
    figures.count("Functions under the Runtime Interface Emulator", invocations=7, **{"dead letters": 1})


def poisoned_message_ends_among_dead_letters(made: Lambda) -> None:
    """The queue is moto's, with the dead letters of the spec; this takes messages for the function, as Lambda does."""
    boto3, moto = pytest.importorskip("boto3"), pytest.importorskip("moto")
    with moto.mock_aws():
        client = boto3.client("sqs", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")
        letters = client.create_queue(QueueName="prints-dead-letter")["QueueUrl"]
        arn = client.get_queue_attributes(QueueUrl=letters, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 5})
        made_with = {"RedrivePolicy": redrive, "VisibilityTimeout": "0"}
        queue = client.create_queue(QueueName="prints", Attributes=made_with)["QueueUrl"]
        client.send_message(QueueUrl=queue, MessageBody="poison again")
        deliveries = 0
        while found := client.receive_message(QueueUrl=queue, AttributeNames=["All"]).get("Messages"):
            event = sqs(found[0]["Body"])
            failed = made.invoke(event)["batchItemFailures"]
            deliveries += 1
            if not failed:
                client.delete_message(QueueUrl=queue, ReceiptHandle=found[0]["ReceiptHandle"])
        assert deliveries == 5
        (letter,) = client.receive_message(QueueUrl=letters)["Messages"]
        assert letter["Body"] == "poison again"


def test_an_object_is_told_with_its_key_and_a_failed_one_fails_the_invocation(
    docker: Docker, bases: Provide, emulator: Path, tmp_path: Path, figures: Figures
) -> None:
    told = {**EVENTS, "EVENT_SOURCE": "/buckets/photos"}
    with function(docker, bases, emulator, tmp_path, "thumbnails", told) as made:
        assert made.invoke(s3("originals/first+photo%C3%A9.jpg")) == {}
        assert "errorMessage" in made.invoke(s3("originals/poison.jpg")), (
            "Lambda tries it again, and keeps it in the end"
        )
        first, second = made.told()
        assert first["type"] == "bucket.object.created"
        assert first["source"] == "/buckets/photos"
        assert first["subject"] == "originals/first photoé.jpg"
        assert first["data"] == {"bucket": "darkroom-photos", "key": "originals/first photoé.jpg", "size": 1024}
        assert second["id"] != first["id"]
    figures.count("Functions under the Runtime Interface Emulator", invocations=2)


def test_the_clock_sends_what_stands_in_the_output(
    docker: Docker, bases: Provide, emulator: Path, tmp_path: Path, figures: Figures
) -> None:
    text = (CASES["functions-nightly"].dockerfile.parents[1] / "aws" / "functions.tf").read_text(encoding="utf-8")
    (line,) = [each for each in text.splitlines() if each.strip().startswith("input = ")]
    sent = json.loads(
        json.loads(line.partition("=")[2]).replace("<aws.scheduler.scheduled-time>", "2026-11-30T02:00:00Z")
    )
    told = {**EVENTS, "EVENT_SOURCE": "/schedules/nightly"}
    with function(docker, bases, emulator, tmp_path, "nightly", told) as made:
        assert made.invoke(sent) == {}
        assert made.told() == [sent]
    figures.count("Functions under the Runtime Interface Emulator", invocations=1)


def test_a_request_of_the_load_balancer_is_answered_by_the_server_that_containers_have(
    docker: Docker, bases: Provide, emulator: Path, tmp_path: Path, figures: Figures
) -> None:
    told = {
        "PORT": "8000",
        "AWS_LWA_PORT": "8000",
        "AWS_LWA_READINESS_CHECK_PATH": "/health",
        "AWS_LWA_READINESS_CHECK_HEALTHY_STATUS": "200",
    }
    with function(docker, bases, emulator, tmp_path, "web", told) as made:
        answer = made.invoke(alb("/health"))
        assert answer["statusCode"] == 200
        body = base64.b64decode(answer["body"]).decode() if answer["isBase64Encoded"] else answer["body"]
        assert "FastAPI" in body
        assert made.invoke(alb("/nowhere"))["statusCode"] == 404
    figures.count("Functions under the Runtime Interface Emulator", invocations=2)


def test_events_come_by_the_part_of_the_image_that_takes_them() -> None:
    for container, comes in (("printer", True), ("thumbnails", True), ("nightly", True), ("web", False)):
        text = CASES[f"functions-{container}"].dockerfile.read_text(encoding="utf-8")
        assert (json.dumps(list(HAND_OVER))[1:-1] in text) is comes
