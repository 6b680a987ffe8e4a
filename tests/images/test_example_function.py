"""The example of a function as its user runs it: by compose, by Lambda, and by what Pub/Sub pushes to Cloud Run.

S3 and SQS are moto where their images cannot be pulled; Cloud Storage is the small server of the example's own tests.
"""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from images.conftest import EXAMPLES, Provide, copy_of
from rig.containers.composed import Composed
from rig.containers.container import LIMIT, Docker, started, wait_for_answer
from rig.containers.lambda_function import EVENTS, under_emulator
from rig.containers.sent import pubsub_of_object, s3
from rig.containers.visits import send
from rig.figures import Figures
from rig.tools.toolbox import Require

pytestmark = pytest.mark.docker

EXAMPLE = EXAMPLES["shop-invoices"]
BUCKET = "invoices-documents"
ORDER = {
    "id": "7",
    "customer": "Grüße, Ada 🎟",
    "created_at": "2026-11-30T12:00:00Z",
    "items": [{"sku": "tea", "quantity": 2, "unit_price": 450}],
}
STORE = "cloudgen-test-cloud-storage"
"""The name of a container that stands in for Cloud Storage."""
SERVER = f"""
import signal
with serving({BUCKET!r}, "0.0.0.0", 4443) as (bucket, _):
    bucket.put("orders/7.json", {json.dumps(ORDER).encode()!r})
    bucket.put("orders/poison.json", b"no order")
    signal.pause()
"""


@pytest.fixture(scope="module")
def running(
    docker: Docker, bases: Provide, require: Require, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Composed]:
    """The example, up."""
    context = copy_of(EXAMPLE, tmp_path_factory.mktemp("function") / EXAMPLE.name)
    composed = Composed.of(docker, require("compose"), context)
    bases(composed.pulled())
    composed.build("renderer")
    try:
        composed.up()
        yield composed
    finally:
        composed.down()
        docker.remove("rmi", composed.tag("renderer"))


def aws(composed: Composed, *words: str, given: str | None = None) -> str:
    """Run the AWS CLI beside the stand-ins, as the README of the example does."""
    return composed.ask("run", "--rm", "--no-deps", "-T", "--entrypoint", "aws", "setup", *words, given=given)


def put(composed: Composed, key: str, content: str) -> None:
    aws(composed, "s3", "cp", "-", f"s3://{BUCKET}/{key}", given=content)


def versions(composed: Composed, prefix: str = "invoices/") -> list[str]:
    """The keys of everything that was ever written below the prefix."""
    found = aws(composed, "s3api", "list-object-versions", "--bucket", BUCKET, "--prefix", prefix, "--output", "json")
    return [version["Key"] for version in json.loads(found or "{}").get("Versions", [])]


def dead_letters(composed: Composed) -> list[Any]:
    sqs = ("--endpoint-url", "http://queues:9324", "sqs", "receive-message", "--visibility-timeout", "0")
    url = "http://queues:9324/000000000000/renderer_events_dead_letters"
    found = aws(composed, *sqs, "--queue-url", url, "--max-number-of-messages", "10", "--output", "json")
    return [json.loads(message["Body"]) for message in json.loads(found or "{}").get("Messages", [])]


def until(composed: Composed, done: Any) -> None:
    end = time.monotonic() + LIMIT
    while not done():
        assert time.monotonic() < end, composed.logs()
        time.sleep(1)


def said(docker: Docker, container: str, words: str) -> list[dict[str, Any]]:
    """The lines of the application's log with this message."""
    lines = [line for line in docker.run("logs", container).splitlines() if line.startswith("{")]
    return [line for line in map(json.loads, lines) if line["message"].startswith(words)]


def test_compose_delivers_orders_and_keeps_what_is_none(running: Composed, figures: Figures) -> None:
    put(running, "orders/7.json", json.dumps(ORDER))
    put(running, "orders/poison.json", "no order")
    until(running, lambda: versions(running) == ["invoices/7.json.html"])
    page = aws(running, "s3", "cp", f"s3://{BUCKET}/invoices/7.json.html", "-")
    assert "Grüße, Ada 🎟" in page
    assert "9.00 EUR" in page
    until(running, lambda: len(dead_letters(running)) == 1)
    (letter,) = dead_letters(running)
    assert letter["Records"][0]["s3"]["object"]["key"] == "orders/poison.json"
    container = running.container("renderer")
    assert len(said(running.docker, container, "no order")) == 3
    assert len(said(running.docker, container, "invoice written")) == 1, "the invoice itself starts nothing"
    figures.count("Events delivered by compose", objects=4, **{"dead letters": 1})


def test_an_event_that_is_posted_once_more_writes_nothing(running: Composed) -> None:
    (event,) = said(running.docker, running.container("renderer"), "invoice written")
    url = f"http://127.0.0.1:{running.data['services']['renderer']['ports'][0].split(':')[1]}/events"
    sent = {
        "specversion": "1.0",
        "id": event["event"],
        "type": "bucket.object.created",
        "source": "/buckets/documents",
        "subject": "orders/7.json",
    }
    headers = {"Content-Type": "application/cloudevents+json"}
    assert send("POST", url, json.dumps(sent).encode(), headers)[0] == 200
    assert versions(running) == ["invoices/7.json.html"]
    assert len(said(running.docker, running.container("renderer"), "invoice exists")) == 1


def test_lambda_runs_the_same_image(running: Composed, emulator: Path, figures: Figures) -> None:
    docker, name = running.docker, "cloudgen-test-lambda-renderer"
    put(running, "orders/8 é.json", json.dumps({**ORDER, "id": "8"}))
    until(running, lambda: "invoices/8 é.json.html" in versions(running))
    # Compose was told first; now it is Lambda's turn.
    aws(running, "s3", "rm", f"s3://{BUCKET}/invoices/8 é.json.html")
    told = {**running.environment("renderer"), **EVENTS}
    with under_emulator(docker, emulator, running.tag("renderer"), name, told, running.network) as made:
        event = s3("orders/8+%C3%A9.json", BUCKET)
        assert made.invoke(event) == {}
        assert "invoice" in aws(running, "s3", "cp", f"s3://{BUCKET}/invoices/8 é.json.html", "-").lower()
        assert made.invoke(event) == {}, "a second delivery is done, too"
        assert "errorMessage" in made.invoke(s3("orders/poison.json", BUCKET)), "Lambda tries it again, and keeps it"
        assert "errorMessage" in made.invoke(s3("invoices/7.json.html", BUCKET))
        assert made.invoke(s3("orders/gone.json", BUCKET)) == {}
        assert [len(said(docker, name, words)) for words in ("invoice written", "invoice exists", "no order")] == [
            1, 1, 1,
        ]  # fmt: skip
    figures.count("Functions under the Runtime Interface Emulator", invocations=5)


def test_cloud_run_is_told_by_a_push(running: Composed, figures: Figures) -> None:
    docker, name, tag = running.docker, "cloudgen-test-push-renderer", running.tag("renderer")
    told = {
        "PORT": "8080",
        "EVENT_SOURCE": "/buckets/documents",
        "DOCUMENTS_BUCKET_URL": f"gs://{BUCKET}",
        "STORAGE_EMULATOR_HOST": f"http://{STORE}:4443",
        "K_SERVICE": "invoices-prod-renderer",
    }
    server = (EXAMPLE / "tests" / "cloud_storage.py").read_text(encoding="utf-8") + SERVER
    with (
        started(docker, tag, STORE, port=4443, command=["python", "-c", server]),
        started(docker, tag, name, told, port=8080) as container,
    ):
        store, url = docker.address(STORE, 4443), docker.address(name, 8080)
        wait_for_answer(docker, STORE, store)
        wait_for_answer(docker, container, url)
        assert push(url, "orders/7.json") == 200
        key = urllib.parse.quote("invoices/7.json.html", safe="")
        status, page = send("GET", f"{store}/download/storage/v1/b/{BUCKET}/o/{key}?alt=media")
        assert status == 200
        assert "Grüße, Ada 🎟" in page.decode()
        assert push(url, "orders/7.json", delivery=2) == 200
        assert push(url, "orders/poison.json") == 500, "Pub/Sub pushes it again, and keeps it in the end"
        assert push(url, "orders/gone.json") == 200
        written, exists = said(docker, name, "invoice written"), said(docker, name, "invoice exists")
        assert [line["event"] for line in written] == [line["event"] for line in exists]
        assert re.fullmatch(rf"{BUCKET}/orders/7\.json#\d+", written[0]["event"])
    figures.count("Events pushed as Pub/Sub does", pushes=4)


def push(url: str, key: str, delivery: int = 1) -> int:
    """Send what Pub/Sub sends; return the status of the answer."""
    body = json.dumps(pubsub_of_object(key, BUCKET, delivery=delivery)).encode()
    headers = {"Content-Type": "application/json", "User-Agent": "CloudPubSub-Google", "From": "noreply@google.com"}
    try:
        return send("POST", f"{url}/events", body, headers)[0]
    except urllib.error.HTTPError as error:
        return error.code


def test_down_leaves_nothing(running: Composed) -> None:
    """The last test."""
    running.down()
    assert not running.left()
