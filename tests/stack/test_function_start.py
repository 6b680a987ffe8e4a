"""The image of a function: the adapter of Lambda, and the start script that fetches secrets first."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from rig.parts.docker import files_of, problems_of

ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop-prod/stripe-AbCdEf"
READ = "import json, os; print(json.dumps(dict(os.environ)))"
KEYS = {"AWS_ACCESS_KEY_ID": "ASIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example/key+", "AWS_SESSION_TOKEN": "token=="}
HOSTILE = ("plain", "'\";|&<>\\ ${HOME} $(id)", "two\nlines", "pässwörd ✓", "")


def dockerfile(container: str = "port: 8000, platform: functions") -> str:
    text: str = files_of(f"containers: {{web: {{{container}}}}}\n")["web.Dockerfile"]
    return text


@dataclass
class Store:
    """Stands in for Secrets Manager: what it answers, and what it was asked."""

    url: str
    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    asked: list[tuple[Mapping[str, str], dict[str, Any]]] = field(default_factory=list)
    connections: set[Any] = field(default_factory=set)


@pytest.fixture
def store() -> Iterator[Store]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            found.asked.append(({**headers, "body": body.decode()}, json.loads(body)))
            found.connections.add(self.client_address)
            status, answer = found.answers[json.loads(body)["SecretId"]]
            text = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Store(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


def start(folder: Path, environment: Mapping[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    """Run the start script that stands in the Dockerfile, as its ENTRYPOINT does."""
    written = re.search(r"^RUN (printf .*?)>/usr/local/bin/start.py$", dockerfile(), re.MULTILINE | re.DOTALL)
    assert written is not None
    subprocess.run(["sh", "-c", f"{written[1]} >start.py"], cwd=folder, check=True)
    return subprocess.run(
        [sys.executable, "-I", str(folder / "start.py"), *(command or (sys.executable, "-c", READ))],
        env={"PATH": os.environ["PATH"], **KEYS, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def told(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    run = start(folder, environment)
    assert run.returncode == 0, run.stderr
    seen: dict[str, str] = json.loads(run.stdout)
    return seen


def test_the_adapter_is_copied_by_digest_and_only_where_a_function_runs() -> None:
    copied = r"COPY --from=public\.ecr\.aws/awsguru/aws-lambda-adapter:[\d.]+@sha256:[0-9a-f]{64} /lambda-adapter "
    assert re.search(f"^{copied}/opt/extensions/lambda-adapter$", dockerfile(), re.MULTILINE)
    assert "lambda" not in dockerfile("port: 8000").lower()
    assert "SECRETS_TO_FETCH" not in dockerfile("port: 8000")


def test_an_image_that_a_function_shares_has_it_too() -> None:
    containers = "containers: {web: {port: 8000}, hook: {port: 8000, platform: functions}}\n"
    files = files_of(containers)
    assert [name for name in files if name.endswith(".Dockerfile")] == ["web.Dockerfile"]
    assert "aws-lambda-adapter" in files["web.Dockerfile"]


def test_the_script_stands_before_the_command_of_the_image() -> None:
    lines = dockerfile().splitlines()
    assert 'ENTRYPOINT ["/usr/local/bin/python3", "-I", "/usr/local/bin/start.py"]' in lines
    assert lines[-1].startswith("CMD ")


@pytest.mark.parametrize("value", HOSTILE)
def test_a_secret_arrives_whole_under_its_own_name(value: str, store: Store, tmp_path: Path) -> None:
    store.answers[ARN] = (200, {"SecretString": value})
    seen = told(tmp_path, {"SECRETS_TO_FETCH": f"KEY={ARN}:::v-1", "AWS_ENDPOINT_URL_SECRETS_MANAGER": store.url})
    assert seen["KEY"] == value
    assert "SECRETS_TO_FETCH" not in seen
    assert [body for _, body in store.asked] == [{"SecretId": ARN, "VersionId": "v-1"}]


def test_a_key_of_a_secret_with_several_values(store: Store, tmp_path: Path) -> None:
    store.answers[ARN] = (200, {"SecretString": json.dumps({"username": "app", "password": "s p"})})
    place = f"ORDERS_PASSWORD={ARN}:password:: WHOLE={ARN}:::"
    seen = told(tmp_path, {"SECRETS_TO_FETCH": place, "AWS_ENDPOINT_URL_SECRETS_MANAGER": store.url})
    assert seen["ORDERS_PASSWORD"] == "s p"
    assert json.loads(seen["WHOLE"])["username"] == "app"
    assert len(store.connections) == 1, "a handshake for each secret would be a longer cold start"


def test_a_password_is_fetched_before_the_url_that_needs_it(store: Store, tmp_path: Path) -> None:
    store.answers[ARN] = (200, {"SecretString": json.dumps({"password": "p/w"})})
    environment = {
        "SECRETS_TO_FETCH": f"DB_PASSWORD={ARN}:password::",
        "DATABASE_URL": "postgresql://app:{DB_PASSWORD}@db/shop",
        "INCOMPLETE_URLS": "DATABASE_URL",
        "AWS_ENDPOINT_URL_SECRETS_MANAGER": store.url,
    }
    assert told(tmp_path, environment)["DATABASE_URL"] == "postgresql://app:p%2Fw@db/shop"


def test_nothing_is_fetched_where_nothing_is_named(tmp_path: Path) -> None:
    seen = told(tmp_path, {"KEY": "from the platform", "AWS_ENDPOINT_URL_SECRETS_MANAGER": "http://127.0.0.1:1"})
    assert seen["KEY"] == "from the platform"


def expected_signature(headers: Mapping[str, str], keys: Mapping[str, str]) -> str:
    """The signature as Amazon's own client makes it.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
    """
    credentials = pytest.importorskip("botocore.credentials")
    auth, request = pytest.importorskip("botocore.auth"), pytest.importorskip("botocore.awsrequest")
    held = credentials.Credentials(keys["AWS_ACCESS_KEY_ID"], keys["AWS_SECRET_ACCESS_KEY"], keys["AWS_SESSION_TOKEN"])
    signed = headers["authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")
    made = request.AWSRequest(
        "POST",
        f"https://{headers['host']}/",
        data=headers["body"].encode(),
        headers={name: headers[name] for name in signed if name not in ("host", "x-amz-security-token")},
    )
    made.context["timestamp"] = headers["x-amz-date"]
    signer = auth.SigV4Auth(held, "secretsmanager", "eu-west-1")
    made.headers["X-Amz-Security-Token"] = keys["AWS_SESSION_TOKEN"]
    text = signer.string_to_sign(made, signer.canonical_request(made))
    return str(signer.signature(text, made))


def test_the_request_is_signed_as_amazons_own_client_signs_it(store: Store, tmp_path: Path) -> None:
    store.answers[ARN] = (200, {"SecretString": "x"})
    told(tmp_path, {"SECRETS_TO_FETCH": f"KEY={ARN}:::", "AWS_ENDPOINT_URL_SECRETS_MANAGER": store.url})
    ((headers, _),) = store.asked
    assert headers["x-amz-target"] == "secretsmanager.GetSecretValue"
    assert headers["x-amz-security-token"] == KEYS["AWS_SESSION_TOKEN"]
    assert headers["authorization"].endswith(f"Signature={expected_signature(headers, KEYS)}")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            (400, {"__type": "AccessDeniedException", "Message": "no permission"}),
            "AccessDeniedException: no permission",
        ),
        ((200, b"<html>"), "cannot be fetched"),
        ((200, {"SecretBinary": "AAAA"}), "has no text"),
        ((200, {"SecretString": '{"other": "hidden"}'}), "no key password"),
        ((200, {"SecretString": "hidden"}), "no key password"),
    ],
)
def test_what_cannot_be_fetched_ends_the_start_with_one_line(
    answer: tuple[int, Any], said: str, store: Store, tmp_path: Path
) -> None:
    store.answers[ARN] = answer
    run = start(
        tmp_path, {"SECRETS_TO_FETCH": f"KEY={ARN}:password::", "AWS_ENDPOINT_URL_SECRETS_MANAGER": store.url}, "true"
    )
    assert (run.returncode, run.stderr.count("\n")) == (1, 1), run.stderr
    assert run.stderr.startswith("start.py: KEY cannot be fetched: ")
    assert said in run.stderr
    assert "hidden" not in run.stderr


def test_nobody_answers(tmp_path: Path) -> None:
    place = {"SECRETS_TO_FETCH": f"KEY={ARN}:::", "AWS_ENDPOINT_URL_SECRETS_MANAGER": "http://127.0.0.1:1"}
    run = start(tmp_path, place, "true")
    assert (run.returncode, run.stderr.count("\n")) == (1, 1), run.stderr
    assert "KEY cannot be fetched" in run.stderr


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("containers: {run: {platform: functions, command: [run]}}\n", "containers.run.platform"),
    ],
)
def test_what_cannot_be_a_function_is_refused_on_docker_too(body: str, place: str) -> None:
    assert ("unsupported", place) in [(each.code, ".".join(map(str, each.path))) for each in problems_of(body)]
