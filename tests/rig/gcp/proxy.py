"""An HTTPS proxy in front of the faked control plane, with certificates of its own for every host that is asked for.

So the provider needs no other endpoints: it is told of the proxy and of the certificate by its environment.
"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rig.gcp.control_plane import ControlPlane, request_of


class Authority:
    """A certificate authority that lives as long as the proxy does; its files are in a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "the fake of Google Cloud")])
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._lock = threading.Lock()

    def _certificate(self, subject: x509.Name, extension: x509.ExtensionType) -> bytes:
        today = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(self._key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(today - timedelta(days=1))
            .not_valid_after(today + timedelta(days=30))
            .add_extension(extension, critical=True)
        )
        return builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    @cached_property
    def file(self) -> Path:
        """The file with the authority's own certificate."""
        path = self._folder / "ca.pem"
        path.write_bytes(self._certificate(self._name, x509.BasicConstraints(ca=True, path_length=None)))
        return path

    def context(self, host: str) -> ssl.SSLContext:
        """Return what a server needs that is to be taken for `host`; each certificate is made once."""
        with self._lock:
            if host not in self._contexts:
                self._contexts[host] = self._new_context(host)
            return self._contexts[host]

    def _new_context(self, host: str) -> ssl.SSLContext:
        private = self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path = self._folder / f"{host}.pem"
        path.write_bytes(private + self._certificate(x509.Name([]), x509.SubjectAlternativeName([x509.DNSName(host)])))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


class Server(ThreadingHTTPServer):
    """The proxy, with a backlog that holds as many connections as Terraform opens at once."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, plane: ControlPlane, authority: Authority) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.plane, self.authority = plane, authority

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went away."""


class Handler(BaseHTTPRequestHandler):
    """One connection: a request to open a tunnel, and then what is said in it."""

    protocol_version = "HTTP/1.1"
    server: Server
    _host = ""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing: the control plane remembers what was asked."""

    def do_CONNECT(self) -> None:
        """Take the part of the host that is asked for."""
        self._host = self.path.split(":")[0]
        self.send_response(200, "OK")
        self.end_headers()
        try:
            self.connection = self.server.authority.context(self._host).wrap_socket(self.connection, server_side=True)
        except OSError:
            self.close_connection = True
            return
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", 0)
        self.close_connection = False

    def _answer(self) -> None:
        url = urlsplit(self.path)
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = json.loads(sent) if sent.strip() else None
        host = self._host or url.hostname or self.headers["Host"].split(":")[0]
        request = request_of(host, self.command, unquote(url.path), dict(parse_qsl(url.query)), body)
        code, said = self.server.plane.handle(request)
        data = json.dumps(said).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 - the library's names


@contextmanager
def serving_proxy(plane: ControlPlane, folder: Path) -> Iterator[tuple[str, Path]]:
    """Serve a control plane; yield the proxy's URL and the file with its authority's certificate."""
    authority = Authority(folder)
    server = Server(plane, authority)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", authority.file
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
