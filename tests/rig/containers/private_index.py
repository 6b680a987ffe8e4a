"""A private package index on this machine: it asks for a password, and has one package that PyPI has not."""

from __future__ import annotations

import base64
import hashlib
import io
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PACKAGE = "acme-greeting"
GREETING = "greetings from the private index"
WHEEL = "acme_greeting-1.0-py3-none-any.whl"
USER = "builder"


@dataclass
class PrivateIndex:
    """Where it is, and who asked."""

    password: str
    port: int = 0
    refused: int = 0
    """Requests without the right password."""
    served: list[str] = field(default_factory=list)
    """The paths of those with it."""

    @property
    def url(self) -> str:
        """The address of its simple API."""
        return f"http://127.0.0.1:{self.port}/simple/"

    @property
    def authorization(self) -> str:
        """What logs in, as it stands in the header."""
        return base64.b64encode(f"{USER}:{self.password}".encode()).decode()

    def write_netrc(self, folder: Path) -> Path:
        """Write the file that logs in."""
        path = folder / "netrc"
        path.write_text(f"machine 127.0.0.1 login {USER} password {self.password}\n", encoding="utf-8")
        path.chmod(0o600)
        return path


def wheel() -> bytes:
    """Make the package."""
    files = {
        "acme_greeting.py": f'GREETING = "{GREETING}"\n',
        "acme_greeting-1.0.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {PACKAGE}\nVersion: 1.0\n",
        "acme_greeting-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n",
    }
    record = "acme_greeting-1.0.dist-info/RECORD"
    files[record] = "".join(f"{name},,\n" for name in (*files, record))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, text in files.items():
            made.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text)
    return buffer.getvalue()


@contextmanager
def private_index(password: str) -> Iterator[PrivateIndex]:
    """Serve it until the block ends."""
    index, made = PrivateIndex(password), wheel()
    link = f'<a href="/files/{WHEEL}#sha256={hashlib.sha256(made).hexdigest()}">{WHEEL}</a>'
    pages = {
        f"/simple/{PACKAGE}": ("text/html", f"<!DOCTYPE html><html><body>{link}</body></html>".encode()),
        f"/files/{WHEEL}": ("application/octet-stream", made),
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.headers.get("Authorization") != f"Basic {index.authorization}":
                index.refused += 1
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Basic realm="acme"')
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            kind, body = pages.get(self.path.rstrip("/"), ("", b""))
            if body:
                index.served.append(self.path)
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", kind or "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    index.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield index
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
