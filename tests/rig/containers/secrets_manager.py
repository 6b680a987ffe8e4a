"""A container that stands in for Secrets Manager: it tells whoever asks one text for every secret, and counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from rig.containers.container import Docker, started

NAME = "cloudgen-test-secrets"
ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:darkroom-staging/printer-token-AbCdEf"
KEYS = {"AWS_ACCESS_KEY_ID": "ASIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example", "AWS_SESSION_TOKEN": "token"}
SERVER = """
import http.server, json, sys
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        text = json.dumps({"SecretString": sys.argv[1]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
        print("told", flush=True)
http.server.ThreadingHTTPServer(("0.0.0.0", 8000), Handler).serve_forever()
"""


@contextmanager
def secrets_manager(docker: Docker, tag: str, text: str) -> Iterator[None]:
    """Start it from an image that has Python; `text` is what it tells."""
    with started(docker, tag, NAME, command=["python", "-c", SERVER, text]):
        yield


def told_by_it(docker: Docker) -> int:
    """How many secrets it has told."""
    return docker.run("logs", NAME).splitlines().count("told")


def secrets_from_it(names: Sequence[str]) -> Mapping[str, str]:
    """The variables that let a function fetch secrets of these names there."""
    return {
        **KEYS,
        "AWS_ENDPOINT_URL_SECRETS_MANAGER": f"http://{NAME}:8000",
        "SECRETS_TO_FETCH": " ".join(f"{name}={ARN}:::version" for name in names),
    }
