"""What the image of a function makes of events: one CloudEvent each, and the answer in the words of the cloud."""

from __future__ import annotations

import base64
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cloudgen.render import render
from rig.parts.docker import stack_of

SPEC = 'containers: {run: {%s, build: {app: "shop.main:app"}}}\nstorage: {queues: {jobs: {}}, buckets: {assets: {}}}\n'
SERVER = """
import http.server, json, os, sys
class Server(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        with open(sys.argv[1], "a") as log:
            log.write(json.dumps([self.path, self.headers["Content-Type"], json.loads(body)]) + chr(10))
        self.send_response(500 if "poison" in body else 404 if "lost" in body else 204)
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Server).serve_forever()
"""


def dockerfile(started: str) -> str:
    """The Dockerfile of what something starts."""
    files = {file.path: file.text for file in render(stack_of(SPEC % started))}
    return files["run.Dockerfile"]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Running:
    """The program with a server behind it."""

    port: int
    log: Path
    process: subprocess.Popen[str]

    def post(self, sent: Any, path: str = "/events", **headers: str) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        body = sent if isinstance(sent, str) else json.dumps(sent)
        connection.request("POST", path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())

    @property
    def seen(self) -> list[dict[str, Any]]:
        """The events that the server got."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines()] if self.log.exists() else []
        assert {(path, kind) for path, kind, _ in lines} <= {("/events", "application/cloudevents+json")}
        return [event for _, _, event in lines]


def run(folder: Path, text: str, source: str, *command: str) -> Running:
    written = re.search(r"^RUN (printf (?:(?!^RUN ).)*?)>/usr/local/bin/events.py$", text, re.MULTILINE | re.DOTALL)
    assert written is not None
    subprocess.run(["sh", "-c", f"{written[1]} >events.py"], cwd=folder, check=True)
    script, server, port = folder / "events.py", free_port(), free_port()
    script.write_text(script.read_text().replace("SERVER = 8081", f"SERVER = {server}"))
    environment = {"PATH": os.environ["PATH"], "PORT": str(port), "EVENT_SOURCE": source}
    process = subprocess.Popen(
        [sys.executable, "-I", str(script), *command],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        # A shell lets what it starts in the background ignore SIGINT. A container does not.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    return Running(port, folder / "log", process)


@pytest.fixture
def running(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Running]:
    """The program for a source, once it listens."""
    (tmp_path / "server.py").write_text(SERVER)
    text = dockerfile("trigger: {queue: jobs}")
    found = run(tmp_path, text, request.param, sys.executable, str(tmp_path / "server.py"), str(tmp_path / "log"))
    for _ in range(500):
        try:
            socket.create_connection(("127.0.0.1", found.port), 1).close()
            break
        except OSError:
            time.sleep(0.02)
    yield found
    if found.process.poll() is None:
        found.process.terminate()
    found.process.communicate(timeout=20)


def sqs(*bodies: str) -> dict[str, Any]:
    """https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html."""
    return {
        "Records": [
            {
                "messageId": f"m-{number}",
                "body": body,
                "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1790000000123"},
                "eventSource": "aws:sqs",
            }
            for number, body in enumerate(bodies)
        ]
    }


def pubsub(data: bytes, **attributes: str) -> dict[str, Any]:
    """https://cloud.google.com/pubsub/docs/push#receive_push."""
    sent = {"messageId": "m-0", "publishTime": "2026-09-21T14:13:20Z", "data": base64.b64encode(data).decode()}
    return {"message": {**sent, **({"attributes": attributes} if attributes else {})}, "subscription": "s"}


MESSAGE = {"specversion": "1.0", "type": "queue.message", "source": "/queues/jobs", "id": "m-0"}


@pytest.mark.parametrize("running", ["/queues/jobs"], indirect=True)
@pytest.mark.parametrize("text", ["plain", '{"n": 1}', "pässwörd ✓\n'\"\\", ""])
def test_a_message_is_the_same_event_on_both_clouds(running: Running, text: str) -> None:
    assert running.post(sqs(text)) == (200, {"batchItemFailures": []})
    assert running.post(pubsub(text.encode())) == (200, {})
    amazon, google = running.seen
    assert amazon == google
    assert amazon == {**MESSAGE, "time": "2026-09-21T14:13:20Z", "datacontenttype": "text/plain", "data": text}


@pytest.mark.parametrize("running", ["/queues/jobs"], indirect=True)
def test_of_a_batch_only_what_failed_comes_again(running: Running) -> None:
    answer = running.post(sqs("good", "poison", "good", "lost"))
    assert answer == (200, {"batchItemFailures": [{"itemIdentifier": "m-1"}, {"itemIdentifier": "m-3"}]})
    assert [event["data"] for event in running.seen] == ["good", "poison", "good", "lost"]
    assert running.post(pubsub(b"poison"))[0] == 500
    assert running.post(pubsub(b"lost"))[0] == 500


@pytest.mark.parametrize("running", ["/queues/jobs"], indirect=True)
def test_bytes_that_are_no_text_arrive_whole(running: Running) -> None:
    running.post(pubsub(b"\xff\x00"))
    (event,) = running.seen
    assert base64.b64decode(event["data_base64"]) == b"\xff\x00"
    assert "data" not in event


S3 = {
    "Records": [
        {
            "eventSource": "aws:s3",
            "eventTime": "2026-09-21T14:13:20.000Z",
            "s3": {
                "bucket": {"name": "b"},
                "object": {"key": "incoming/my+file+%C3%BC%2B.pdf", "size": 7, "sequencer": "00A1"},
            },
        }
    ]
}


@pytest.mark.parametrize("running", ["/buckets/assets"], indirect=True)
def test_an_object_has_its_own_key_and_one_id_however_often_it_is_told(running: Running) -> None:
    assert running.post(S3) == (200, {})
    key = "incoming/my file ü+.pdf"
    attributes = {"bucketId": "b", "objectId": key, "objectGeneration": "17", "eventTime": "2026-09-21T14:13:20.000Z"}
    news = pubsub(json.dumps({"size": "7"}).encode(), eventType="OBJECT_FINALIZE", **attributes)
    assert running.post(news) == (200, {})
    assert running.post(news) == (200, {})
    amazon, google, again = running.seen
    assert google == again
    assert google == {**amazon, "id": google["id"]}
    assert amazon["data"] == {"bucket": "b", "key": key, "size": 7}
    assert (amazon["subject"], amazon["source"], amazon["type"]) == (key, "/buckets/assets", "bucket.object.created")


@pytest.mark.parametrize("running", ["/buckets/assets"], indirect=True)
def test_an_object_that_cannot_be_handled_is_told_again(running: Running) -> None:
    assert running.post(json.dumps(S3).replace("incoming", "poison"))[0] == 500


@pytest.mark.parametrize("running", ["/schedules/nightly"], indirect=True)
def test_a_run_by_the_clock_is_the_event_itself(running: Running) -> None:
    due = "2026-09-21T02:00:00Z"
    sent = {"specversion": "1.0", "id": due, "type": "schedule", "source": "/schedules/nightly", "time": due}
    assert running.post(sent)[0] == 200
    by_google = {**sent, "id": "", "time": ""}
    assert running.post(by_google, X_CloudScheduler_ScheduleTime=due)[0] == 200
    assert running.seen == [sent, sent]


@pytest.mark.parametrize("running", ["/queues/jobs"], indirect=True)
@pytest.mark.parametrize(
    "sent", ["", "[]", "null", "{}", '{"Records": [{"eventSource": "aws:sqs"}]}', '{"message": 1}']
)
def test_what_is_no_event_is_refused_and_nothing_ends(running: Running, sent: str) -> None:
    assert running.post(sent)[0] == 400
    assert running.seen == []
    assert running.post(sqs("good"))[0] == 200


@pytest.mark.parametrize("running", ["/queues/jobs"], indirect=True)
def test_nothing_else_reaches_the_server(running: Running) -> None:
    assert running.post(sqs("good"), path="/admin")[0] == 404
    assert running.seen == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("running", ["/queues/jobs"], indirect=True)
def test_it_ends_with_its_server(running: Running, number: int) -> None:
    running.process.send_signal(number)
    assert running.process.wait(timeout=20) == 128 + number


def test_a_signal_reaches_a_server_that_does_not_listen_yet(tmp_path: Path) -> None:
    text = dockerfile("trigger: {queue: jobs}")
    up = tmp_path / "up"
    sleeps = f"import pathlib, time; pathlib.Path({str(up)!r}).touch(); time.sleep(300)"
    found = run(tmp_path, text, "/queues/jobs", sys.executable, "-c", sleeps)
    until = time.monotonic() + 60
    while not up.exists() and time.monotonic() < until:
        time.sleep(0.05)
    found.process.terminate()
    assert found.process.wait(timeout=60) == 128 + signal.SIGTERM


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        (("no-such-program",), 127, "events.py: cannot run no-such-program: No such file or directory\n"),
        ((sys.executable, "-c", "raise SystemExit(3)"), 3, ""),
    ],
)
def test_a_server_that_does_not_start_ends_the_function(
    command: tuple[str, ...], code: int, said: str, tmp_path: Path
) -> None:
    found = run(tmp_path, dockerfile("trigger: {bucket: assets}"), "/buckets/assets", *command)
    _, error = found.process.communicate(timeout=20)
    assert (found.process.returncode, error) == (code, said)


@pytest.mark.parametrize("started", ["trigger: {queue: jobs}", 'platform: functions, schedule: {cron: "0 2 * * *"}'])
def test_the_image_of_what_events_start_listens_for_them(started: str) -> None:
    text = dockerfile(started)
    command = json.loads(text.splitlines()[-1].removeprefix("CMD "))
    assert command[:3] == ["/usr/local/bin/python3", "-I", "/usr/local/bin/events.py"]
    assert command[command.index("--port") + 1] == "8081"
    assert "EXPOSE 8080" in text
    assert "aws-lambda-adapter" in text
    assert "events.py" not in dockerfile("port: 8000, platform: functions")


@pytest.mark.parametrize("running", ["/queues/jobs"], indirect=True)
def test_an_answer_arrives_in_one_piece(running: Running) -> None:
    """A body that leaves after its head waits for 40 ms on a connection that is used again."""
    body = json.dumps(sqs("page 1")).encode()
    request = b"POST /events HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    with socket.create_connection(("127.0.0.1", running.port), 20) as connection:
        for _ in range(5):
            connection.sendall(request)
            head, _, told = connection.recv(65536).partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200")
            assert json.loads(told) == {"batchItemFailures": []}
