"""HTTP servers in the cloud's network that answer by a function, and the registry that images are pulled from."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from rig.machines.boot.image import Image
from rig.machines.boot.network import CLOUD, METADATA, Network


@dataclass(frozen=True)
class Request:
    """A request, with its headers by their names in small letters."""

    method: str
    host: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def name(self) -> str:
        """How it is counted: by its server and its path without what differs each time."""
        return f"{self.method} {self.host}{self.path}"


@dataclass(frozen=True)
class Answer:
    """An answer."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Registry:
    """A registry that hands out one image, to whom signs in with the machine's token."""

    image: Image
    authorization: str
    """The header that it demands."""

    def answer(self, request: Request) -> Answer:
        """Answer the part of the distribution API that a pull needs.

        https://github.com/opencontainers/distribution-spec/blob/main/spec.md
        """
        if request.headers.get("authorization") != self.authorization:
            return Answer(401, headers={"WWW-Authenticate": f'Basic realm="https://{request.host}/"'})
        if request.path == "/v2/":
            return Answer(200)
        kind, content = self.image.parts.get(request.path.rpartition("/")[2], ("", b""))
        if not kind:
            return Answer(404)
        headers = {"Content-Type": kind, "Docker-Content-Digest": request.path.rpartition("/")[2]}
        return Answer(200, content, headers)


@contextmanager
def serving(network: Network, folder: Path, answer: Callable[[Request], Answer]) -> Iterator[None]:
    """Serve metadata at its address, and everything else over TLS; `folder` has the certificate."""
    metadata = network.in_cloud(lambda: ThreadingHTTPServer((METADATA, 80), _handler(answer)))
    secure = network.in_cloud(lambda: ThreadingHTTPServer((CLOUD, 443), _handler(answer)))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    secure.socket = context.wrap_socket(secure.socket, server_side=True, do_handshake_on_connect=False)
    for server in (metadata, secure):
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        for server in (metadata, secure):
            server.shutdown()
            server.server_close()


def _handler(answer: Callable[[Request], Answer]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            given = answer(Request(self.command, headers.get("host", ""), self.path, headers, body))
            self.send_response(given.status)
            for name, value in {"Content-Length": str(len(given.body)), **given.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(given.body)

        do_GET = do_HEAD = do_POST = do_PUT = answer  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    return Handler
