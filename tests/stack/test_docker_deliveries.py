"""What delivers events on one machine: run by a real Python against S3 and SQS of moto, and a container that tells."""

from __future__ import annotations

import datetime
import http.server
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from rig.images import services
from rig.parts.docker import files_of, problems_of, services_of, stack_of

SPEC = """\
containers:
  mail: {build: {app: "shop.mail:app", python: "3.13"}, trigger: {queue: jobs}}
  thumbs: {build: {app: "shop.thumbs:app"}, trigger: {bucket: files, prefix: in/, timeout: 2m}}
  web: {build: {app: "shop.web:app"}, port: 8000, connects_to: [files, "jobs:publish"]}
storage: {queues: {jobs: {ack_deadline: 30s}}, buckets: {files: {}}}
"""
KEYS = {"AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "local-only", "AWS_SECRET_ACCESS_KEY": "local-only"}
PATIENCE = 60
"""Seconds to wait for what comes within one or two where the machine is not busy."""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def until(done: Callable[[], Any], why: Callable[[], str] = str) -> None:
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, why()
        time.sleep(0.05)


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


@dataclass
class Cloud:
    """S3 and SQS, as the stand-ins of the images have them."""

    address: str

    def client(self, service: str) -> Any:
        config = Config(s3={"addressing_style": "path"})
        key, secret = KEYS["AWS_ACCESS_KEY_ID"], KEYS["AWS_SECRET_ACCESS_KEY"]
        return boto3.client(
            service,
            endpoint_url=self.address,
            config=config,
            region_name=KEYS["AWS_DEFAULT_REGION"],
            aws_access_key_id=key,
            aws_secret_access_key=secret,
        )

    def queue(self, name: str, deliveries: int = 3) -> str:
        """Make a queue with its dead letters, as setup.sh does; return its address."""
        sqs = self.client("sqs")
        letters = sqs.create_queue(QueueName=f"{name}_dead_letters")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=letters, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": str(deliveries)})
        made = sqs.create_queue(QueueName=name, Attributes={"RedrivePolicy": redrive, "VisibilityTimeout": "30"})
        return str(made["QueueUrl"])

    def waiting(self, name: str) -> int:
        """How many messages a queue has, those that are being delivered, too."""
        sqs = self.client("sqs")
        counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        url = f"{self.address}/000000000000/{name}"
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=counts)["Attributes"]
        return sum(int(found[count]) for count in counts)


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, str(Path(services.__file__).with_name("aws_server.py")), str(port)],
        stderr=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"]},
    )
    try:
        until(lambda: answers(port))
        yield Cloud(f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait(timeout=20)


@dataclass
class Container:
    """Takes events: poison fails each time, a hiccup the first time, and what is partial in the words of Lambda."""

    port: int = field(default_factory=free_port)
    bodies: list[str] = field(default_factory=list)

    @contextmanager
    def running(self) -> Iterator[None]:
        bodies = self.bodies

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                assert (self.path, self.headers["Content-Type"]) == ("/events", "application/json")
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                first = sum("hiccup" in each for each in bodies) == 0
                bodies.append(body)
                self.send_response(500 if "poison" in body or ("hiccup" in body and first) else 200)
                text = b'{"batchItemFailures": [{"itemIdentifier": "x"}]}' if "partial" in body else b"{}"
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_: Any) -> None:
                """Write nothing."""

        server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    @property
    def records(self) -> list[dict[str, Any]]:
        """What it was told, one record each time."""
        found = [json.loads(body)["Records"] for body in self.bodies]
        assert all(len(records) == 1 for records in found)
        return [records[0] for records in found]


def text_of() -> str:
    return files_of(SPEC)["deliver.py"]


@contextmanager
def delivering(folder: Path, cloud: Cloud, *arguments: str) -> Iterator[Callable[[], str]]:
    """Run the script; gives what reads its log. It tries again at once, and asks for pages that two objects fill."""
    text = text_of()
    for slow, fast in (("RETRY = 5\n", "RETRY = 0\n"), ('"list-type": "2"', '"list-type": "2", "max-keys": "2"')):
        assert slow in text
        text = text.replace(slow, fast)
    (folder / "deliver.py").write_text(text, encoding="utf-8")
    environment = {**KEYS, "AWS_ENDPOINT_URL_S3": cloud.address, "AWS_ENDPOINT_URL_SQS": cloud.address}
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-I", str(folder / "deliver.py"), *arguments],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield lambda: (folder / "log").read_text(encoding="utf-8")
        assert process.poll() is None, (folder / "log").read_text(encoding="utf-8")
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_messages_arrive_once_and_what_fails_arrives_again_or_is_kept(cloud: Cloud, tmp_path: Path) -> None:
    container, url, sqs = Container(), cloud.queue("jobs"), cloud.client("sqs")
    bodies = ["plain 'Grüße' ✓", "hiccup", "poison", "partial"]
    sent = {body: sqs.send_message(QueueUrl=url, MessageBody=body)["MessageId"] for body in bodies}
    address = f"http://127.0.0.1:{container.port}"
    with container.running(), delivering(tmp_path, cloud, "--queue", "jobs", address, "30") as log:
        until(lambda: cloud.waiting("jobs_dead_letters") == 2 and cloud.waiting("jobs") == 0, log)
        said = log()
    told = [record["body"] for record in container.records]
    assert {body: told.count(body) for body in bodies} == {
        "plain 'Grüße' ✓": 1,
        "hiccup": 2,
        "poison": 3,
        "partial": 3,
    }
    for record in container.records:
        assert record["messageId"] == sent[record["body"]]
        assert record["eventSource"] == "aws:sqs"
        assert int(record["attributes"]["SentTimestamp"]) > 1_000_000_000_000
    assert f"jobs: {sent[bodies[0]]}: done by {address}\n" in said
    assert f"jobs: {sent['poison']}: delivery 3 to {address} failed: it answers 500\n" in said
    assert f"jobs: {sent['partial']}: delivery 1 to {address} failed: it answers that it failed\n" in said


def test_messages_wait_for_a_container_that_does_not_run(cloud: Cloud, tmp_path: Path) -> None:
    container, url, sqs = Container(), cloud.queue("later"), cloud.client("sqs")
    sqs.send_message(QueueUrl=url, MessageBody="early")
    with delivering(tmp_path, cloud, "--queue", "later", f"http://127.0.0.1:{container.port}", "30") as log:
        time.sleep(3)
        with container.running():
            until(lambda: cloud.waiting("later") == 0, log)
    (record,) = container.records
    assert record["attributes"]["ApproximateReceiveCount"] == "1"


def test_new_objects_below_the_prefix_are_told_as_s3_tells_them(cloud: Cloud, tmp_path: Path) -> None:
    container, s3 = Container(), cloud.client("s3")
    cloud.queue("thumbs_events")
    s3.create_bucket(Bucket="shop-files")
    s3.put_object(Bucket="shop-files", Key="in/old.txt", Body=b"old")
    # The store counts in seconds.
    time.sleep(1.1)
    address = f"http://127.0.0.1:{container.port}"
    arguments = ("--bucket", "shop-files/in/", "thumbs_events", address, "120")
    keys = ["in/a.txt", "in/b c+ü.txt", "in/d.txt", "in/deep/e.txt", "in/hiccup", "in/poison"]
    with container.running(), delivering(tmp_path, cloud, *arguments) as log:
        until(lambda: "begins at " in log())
        for key in [*keys, "out/f.txt"]:
            s3.put_object(Bucket="shop-files", Key=key, Body=key.encode())
        until(lambda: cloud.waiting("thumbs_events_dead_letters") == 1 and cloud.waiting("thumbs_events") == 0, log)
        count = len(container.bodies)
        s3.put_object(Bucket="shop-files", Key="in/a.txt", Body=b"written anew")
        until(lambda: len(container.bodies) > count, log)
    told = [urllib.parse.unquote_plus(record["s3"]["object"]["key"]) for record in container.records]
    assert {key: told.count(key) for key in told} == {
        "in/a.txt": 2, "in/b c+ü.txt": 1, "in/d.txt": 1, "in/deep/e.txt": 1, "in/hiccup": 2, "in/poison": 3,
    }  # fmt: skip
    one = container.records[told.index("in/b c+ü.txt")]
    assert one["s3"]["object"]["key"] == "in/b+c%2B%C3%BC.txt"
    assert (one["s3"]["bucket"]["name"], one["s3"]["object"]["size"]) == ("shop-files", len("in/b c+ü.txt".encode()))
    assert (one["eventSource"], one["eventName"]) == ("aws:s3", "ObjectCreated:Put")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", one["eventTime"])
    # What is delivered again is the same event; what is written again is another one.
    poisoned = [body for body in container.bodies if "poison" in body]
    assert len(set(poisoned)) == 1
    first, second = (container.records[place]["s3"]["object"] for place, key in enumerate(told) if key == "in/a.txt")
    assert first["sequencer"] != second["sequencer"]


def test_a_server_that_is_not_there_yet_is_told_and_asked_again(cloud: Cloud, tmp_path: Path) -> None:
    container = Container()
    address = f"http://127.0.0.1:{container.port}"
    arguments = ("--queue", "missing", address, "30", "--bucket", "shop-nothing/", "none_events", address, "30")
    with container.running(), delivering(tmp_path, cloud, *arguments) as log:
        until(lambda: "missing: " in log() and "NoSuchBucket" in log(), log)
        url = cloud.queue("missing")
        cloud.client("sqs").send_message(QueueUrl=url, MessageBody="at last")
        until(lambda: cloud.waiting("missing") == 0, log)
    assert [record["body"] for record in container.records] == ["at last"]


@pytest.mark.parametrize(
    ("service", "method", "url", "body", "headers"),
    [
        ("s3", "GET", "http://buckets:9000/shop-files?list-type=2&prefix=in%2Fa.b_c-d%2F", b"", {}),
        ("s3", "GET", "http://buckets:9000/shop-files?continuation-token=a%2Bb%3D&list-type=2&prefix=", b"", {}),
        ("sqs", "POST", "http://queues:9324/", b'{"QueueUrl": "u"}', {"content-type": "application/x-amz-json-1.0"}),
    ],
)
def test_its_signature_is_that_of_botocore(
    service: str, method: str, url: str, body: bytes, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """moto looks at none; RustFS does."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    program: dict[str, Any] = {}
    exec(text_of().removesuffix("main()\n"), program)
    signed = program["sign"](method, urllib.parse.urlsplit(url), body, service, headers)
    when = datetime.datetime.strptime(signed["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC)
    monkeypatch.setattr(auth, "get_current_datetime", lambda *_, **__: when)
    request = AWSRequest(method, url, {**headers, "x-amz-content-sha256": signed["x-amz-content-sha256"]}, body)
    key = Credentials(KEYS["AWS_ACCESS_KEY_ID"], KEYS["AWS_SECRET_ACCESS_KEY"])
    signer = auth.S3SigV4Auth if service == "s3" else auth.SigV4Auth
    signer(key, service, KEYS["AWS_DEFAULT_REGION"]).add_auth(request)
    assert signed["authorization"] == request.headers["Authorization"]


def test_the_service_knows_where_everything_comes_from_and_goes_to() -> None:
    services = services_of(SPEC)
    service = services["events"]
    assert service["command"] == [
        *("python", "-I", "/deliver.py"),
        *("--queue", "jobs", "http://mail:8080", "30"),
        *("--bucket", "shop-files/in/", "thumbs_events", "http://thumbs:8080", "120"),
    ]
    assert service["image"] == "python:3.13-slim-bookworm"
    assert service["volumes"] == ["./deliver.py:/deliver.py:ro"]
    assert service["environment"] == {
        **KEYS, "AWS_ENDPOINT_URL_S3": "http://buckets:9000", "AWS_ENDPOINT_URL_SQS": "http://queues:9324",
    }  # fmt: skip
    assert (service["user"], service["read_only"], service["init"]) == ("10001:10001", True, True)
    # Whoever may put objects starts after whoever looks for them.
    assert "events" in services["web"]["depends_on"]
    assert "events" not in services["mail"]["depends_on"]
    assert "make_queue thumbs_events thumbs_events_dead_letters 120 86400 3\n" in files_of(SPEC)["setup.sh"]


@pytest.mark.parametrize(
    ("trigger", "kinds", "expected"),
    [
        ("bucket: files", "buckets: {files: {}}", {"buckets", "queues", "setup", "events"}),
        ("queue: jobs", "queues: {jobs: {}}", {"queues", "setup", "events"}),
    ],
)
def test_only_what_is_needed_runs(trigger: str, kinds: str, expected: set[str]) -> None:
    run = f'containers: {{run: {{build: {{app: "a:app"}}, trigger: {{{trigger}}}}}}}\nstorage: {{{kinds}}}\n'
    assert set(services_of(run)) == {"run", *expected}
    assert "deliver.py" in files_of(run)


def test_the_clock_and_visitors_take_no_service_that_delivers() -> None:
    spec = """\
containers:
  web: {build: {app: "shop.web:app"}, port: 8080, platform: functions, connects_to: [files, "jobs:publish"]}
  nightly: {build: {app: "shop.nightly:app"}, platform: functions, schedule: {cron: "0 2 * * *"}}
storage: {queues: {jobs: {}}, buckets: {files: {}}}
"""
    assert set(services_of(spec)) == {"web", "nightly", "buckets", "queues", "setup"}
    assert "deliver.py" not in files_of(spec)
    assert stack_of(spec).compose.deliverer is None
    assert "dead letters" not in files_of(spec)["README.md"]


def test_a_container_may_have_its_name() -> None:
    spec = 'containers: {events: {build: {app: "a:app"}, trigger: {queue: jobs}}}\nstorage: {queues: {jobs: {}}}\n'
    found = services_of(spec)
    assert found["events-local"]["command"][-3:] == ["jobs", "http://events:8080", "60"]
    assert "`events-local` posts the messages" in files_of(spec)["README.md"]


def test_an_image_that_takes_no_events_is_refused_without_a_traceback() -> None:
    spec = "containers: {run: {image: 'nginx:1.29', trigger: {queue: jobs}}}\nstorage: {queues: {jobs: {}}}\n"
    assert [problem.path for problem in problems_of(spec)] == [("containers", "run", "image")]


def commands(readme: str, start: str) -> Sequence[str]:
    return [line for line in readme.splitlines() if line.startswith(start)]


def test_the_readme_tells_how_to_send_what_is_delivered_and_where_it_ends() -> None:
    readme = files_of(SPEC)["README.md"]
    (send, mail, thumbs) = commands(readme, "docker compose run")
    assert send.endswith(
        "--queue-url http://queues:9324/000000000000/jobs --message-body 'the message, as it was sent'"
    )
    for letters, queue in ((mail, "jobs"), (thumbs, "thumbs_events")):
        assert f"--queue-url http://queues:9324/000000000000/{queue}_dead_letters " in letters
    (put,) = commands(readme, "echo ")
    assert put.endswith(" s3 cp - s3://shop-files/in/example.txt")
