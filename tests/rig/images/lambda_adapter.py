"""Stands in for the AWS Lambda Web Adapter where no registry answers: what it does, without its speed.

An extension that waits until the application listens, then asks Lambda for one invocation after the other and hands it
on: requests of a load balancer as they were, other events as a POST to the path that is set. Lambda starts nothing
before every extension has asked for its next event. It lies in the image as one file, so it imports nothing of ours.
https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
https://aws.github.io/aws-lambda-web-adapter/configuration/environment-variables.html
"""

import base64
import http.client
import json
import os
import socket
import sys
import threading
import time
from typing import Any

API = os.environ["AWS_LAMBDA_RUNTIME_API"]
PORT = int(os.environ.get("AWS_LWA_PORT", "8080"))
READY = os.environ.get("AWS_LWA_READINESS_CHECK_PATH", "/")
BY_TCP = os.environ.get("AWS_LWA_READINESS_CHECK_PROTOCOL", "http") == "tcp"
HEALTHY = os.environ.get("AWS_LWA_READINESS_CHECK_HEALTHY_STATUS", "100-499")
EVENTS = os.environ.get("AWS_LWA_PASS_THROUGH_PATH", "/events")
FAILED = os.environ.get("AWS_LWA_ERROR_STATUS_CODES", "")


def within(status: int, ranges: str) -> bool:
    """Whether a status is one of `200` or `300-599`, with commas between."""
    parts = [part.partition("-") for part in ranges.split(",") if part]
    return any(int(low) <= status <= int(high or low) for low, _, high in parts)


def ask(server: str, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Any:
    """Send a request; return the answer and its body."""
    connection = http.client.HTTPConnection(server)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    return answer, answer.read()


def ready() -> bool:
    """Whether the application answers."""
    try:
        if BY_TCP:
            socket.create_connection(("127.0.0.1", PORT), 1).close()
            return True
        return within(ask(f"127.0.0.1:{PORT}", "GET", READY)[0].status, HEALTHY)
    except OSError:
        return False


def handle(event: Any) -> bytes:
    """Hand an invocation to the application; return what to tell Lambda. Raises `RuntimeError` for a failed one."""
    server = f"127.0.0.1:{PORT}"
    if not (isinstance(event, dict) and "httpMethod" in event):
        sent = json.dumps(event).encode()
        answer, body = ask(server, "POST", EVENTS, sent, {"Content-Type": "application/json"})
        if within(answer.status, FAILED):
            raise RuntimeError(f"the application answered {answer.status}")
        return bytes(body) or b"null"
    body = event.get("body") or ""
    content = base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
    headers = {name: ", ".join(values) for name, values in event["multiValueHeaders"].items()}
    answer, body = ask(server, event["httpMethod"], event["path"], content, headers)
    told: dict[str, list[str]] = {}
    for name, value in answer.getheaders():
        told.setdefault(name, []).append(value)
    text = base64.b64encode(body).decode()
    found = {"statusCode": answer.status, "isBase64Encoded": True, "body": text, "multiValueHeaders": told}
    return json.dumps(found).encode()


def main() -> None:
    """Register, wait for the application, and hand over what comes."""
    name = {"Lambda-Extension-Name": os.path.basename(sys.argv[0])}  # noqa: PTH119 - as it stands in the image
    answer, _ = ask(API, "POST", "/2020-01-01/extension/register", b'{"events": []}', name)
    me = {"Lambda-Extension-Identifier": answer.headers["Lambda-Extension-Identifier"]}
    path = "/2020-01-01/extension/event/next"
    threading.Thread(target=ask, args=(API, "GET", path, b"", me), daemon=True).start()
    while not ready():
        time.sleep(0.01)
    while True:
        answer, body = ask(API, "GET", "/2018-06-01/runtime/invocation/next")
        place = f"/2018-06-01/runtime/invocation/{answer.headers['Lambda-Runtime-Aws-Request-Id']}"
        try:
            ask(API, "POST", f"{place}/response", handle(json.loads(body)))
        except (OSError, RuntimeError, ValueError) as error:
            failed = {"errorType": type(error).__name__, "errorMessage": str(error)}
            ask(API, "POST", f"{place}/error", json.dumps(failed).encode())


if __name__ == "__main__":
    main()
