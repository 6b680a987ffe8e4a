"""What a machine of Google talks to when it starts: the metadata server, Secret Manager over TLS, Docker, the firewall.

Names lead here by a `.curlrc`, so the script stays as it was rendered, but for the path of docker. The stand-in of
docker writes down each command that it gets: its arguments, its input, and the secrets of its environment.
"""

from __future__ import annotations

import base64
import json
import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

TOKEN = "ya29.of-this-machine"
ATTRIBUTES = "/computeMetadata/v1/instance/attributes/"
TOKEN_PATH = "/computeMetadata/v1/instance/service-accounts/default/token"

DOCKER = """\
#!PYTHON
import json, os, pathlib, sys

arguments = sys.argv[3:] if sys.argv[1] == "--config" else sys.argv[1:]
record = pathlib.Path(os.environ["RECORD"])
named = [each for before, each in zip(arguments, arguments[1:]) if before == "--env" and "=" not in each]
told = {"arguments": arguments, "environment": {name: os.environ.get(name) for name in named}}
with record.open("a") as file:
    print(json.dumps(told), file=file)
pulled = record.with_suffix(".pulled")
match arguments[0]:
    case "image":
        sys.exit(0 if pulled.exists() else 1)
    case "pull":
        pulled.touch()
    case "login":
        record.with_suffix(".password").write_text(sys.stdin.read())
"""


@dataclass(frozen=True)
class Started:
    """What a start of the container did."""

    code: int
    said: str
    docker: Sequence[Mapping[str, Any]]
    """The commands that Docker got: `arguments`, and the `environment` of those that name variables."""
    password: str | None
    """What was signed in to the registry with."""
    firewall: Sequence[str]
    files: Sequence[str]
    """The contents of all files that were left."""

    def command(self, verb: str) -> Mapping[str, Any]:
        """Return the one command of Docker with this verb."""
        (found,) = (each for each in self.docker if each["arguments"][0] == verb)
        return found


@dataclass
class Google:
    """A machine's surroundings."""

    metadata: Mapping[str, str]
    secrets: Mapping[str, str]
    """By the names of their versions."""
    asked: list[str] = field(default_factory=list)

    def answer(self, handler: BaseHTTPRequestHandler, *, secure: bool) -> tuple[int, str]:
        """Answer as the metadata server, or as Secret Manager."""
        self.asked.append(handler.path)
        if secure:
            if handler.headers.get("Authorization") != f"Bearer {TOKEN}":
                return 401, ""
            name = handler.path.removeprefix("/v1/").removesuffix(":access")
            if name not in self.secrets:
                return 404, ""
            data = base64.b64encode(self.secrets[name].encode()).decode()
            return 200, json.dumps({"name": name, "payload": {"data": data, "dataCrc32c": "1"}}, indent=2)
        if handler.headers.get("Metadata-Flavor") != "Google":
            return 403, ""
        if handler.path == TOKEN_PATH:
            return 200, json.dumps({"access_token": TOKEN, "expires_in": 3599, "token_type": "Bearer"})
        if handler.path == ATTRIBUTES:
            return 200, "".join(f"{key}\n" for key in sorted(self.metadata))
        key = handler.path.removeprefix(ATTRIBUTES)
        return (200, self.metadata[key]) if key in self.metadata else (404, "")

    def start(self, script: str, folder: Path) -> Started:
        """Run the script that starts the container."""
        with self._served(folder) as rules:
            (folder / "bin").mkdir()
            (folder / "bin/docker").write_text(DOCKER.replace("PYTHON", sys.executable), encoding="utf-8")
            (folder / "bin/iptables").write_text(
                '#!/bin/bash\n[ "$2" = --check ] && exit 1\necho "$@" >>"$RECORD.firewall"\n', encoding="utf-8"
            )
            for program in ("docker", "iptables"):
                (folder / "bin" / program).chmod(0o755)
            (folder / ".curlrc").write_text(rules, encoding="utf-8")
            told = {"CURL_HOME": str(folder), "RECORD": str(folder / "record"), "TMPDIR": str(folder)}
            path = f"{folder / 'bin'}:{os.environ['PATH']}"
            changed = script.replace("/usr/bin/docker", str(folder / "bin/docker"))
            changed = changed.replace("/run/container-registry", str(folder / "registry"))
            done = subprocess.run(
                ["bash", "-c", changed],
                env={**told, "PATH": path},
                capture_output=True,
                text=True,
                check=False,
                timeout=60,
            )
        record = folder / "record"
        commands = [json.loads(line) for line in record.read_text().splitlines()] if record.exists() else []
        left = [each for each in folder.rglob("*") if each.is_file() and not each.name.startswith(("record", "server"))]
        return Started(
            done.returncode,
            done.stdout + done.stderr,
            commands,
            _text(folder / "record.password"),
            (_text(folder / "record.firewall") or "").splitlines(),
            [each.read_text(errors="replace") for each in left],
        )

    @contextmanager
    def _served(self, folder: Path) -> Iterator[str]:
        """Serve; yield what curl has to know."""
        certificate, key = folder / "server.pem", folder / "server.key"
        names = "subjectAltName=DNS:secretmanager.googleapis.com"
        made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test"]
        command = [*made, "-addext", names, "-keyout", str(key), "-out", str(certificate)]
        subprocess.run(command, check=True, capture_output=True)
        plain, secure = (ThreadingHTTPServer(("127.0.0.1", 0), _handler(self, secure=each)) for each in (False, True))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        secure.socket = context.wrap_socket(secure.socket, server_side=True)
        for server in (plain, secure):
            threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield "\n".join(
                (
                    f'connect-to = "metadata.google.internal:80:127.0.0.1:{plain.server_port}"',
                    f'connect-to = "secretmanager.googleapis.com:443:127.0.0.1:{secure.server_port}"',
                    f'cacert = "{certificate}"',
                    'noproxy = "*"\n',
                )
            )
        finally:
            for server in (plain, secure):
                server.shutdown()
                server.server_close()


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _handler(google: Google, *, secure: bool) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            code, text = google.answer(self, secure=secure)
            self.send_response(code)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    return Handler
