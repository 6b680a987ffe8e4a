"""A bucket of Google Cloud Storage on this machine: the few calls of its JSON API that whole objects take.

The genuine client talks to it over HTTP. https://cloud.google.com/storage/docs/json_api/v1
"""

import base64
import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass
class Bucket:
    """What is in the bucket, and how often something was written."""

    name: str
    objects: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """Content type and content of each object."""
    writes: int = 0

    def put(self, key, content):
        self.objects[key] = ("application/json", content)


class _RefusedError(Exception):
    """An answer other than 200."""


def checksum(content):
    import google_crc32c

    return base64.b64encode(google_crc32c.value(content).to_bytes(4, "big")).decode()


class _Handler(BaseHTTPRequestHandler):
    bucket: Bucket

    def log_message(self, *_):
        pass

    def do_GET(self):
        self._answer()

    def do_POST(self):
        self._answer()

    def _answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            status, headers, content = 200, *self._call(body)
        except _RefusedError as refused:
            status, message = refused.args
            headers = {"Content-Type": "application/json"}
            content = json.dumps({"error": {"code": status, "message": message}}).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _call(self, body):
        url, bucket = urlsplit(self.path), self.bucket
        query = parse_qs(url.query)
        place = f"/storage/v1/b/{bucket.name}"
        match self.command, url.path.partition(place):
            case "POST", ("/upload", _, "/o") if query.get("uploadType") == ["multipart"]:
                return self._put(body, only_new=query.get("ifGenerationMatch") == ["0"])
            case "GET", ("/download", _, path) if path.startswith("/o/"):
                return self._get(unquote(path.removeprefix("/o/")))
        # The roles that cloudgen grants are for objects, not for the bucket itself.
        raise _RefusedError(403, "permission denied")

    def _put(self, body, *, only_new):
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        about, media = message_from_bytes(head + body, policy=policy.HTTP).iter_parts()
        properties, content = json.loads(about.get_payload(decode=True)), media.get_payload(decode=True)
        if only_new and properties["name"] in self.bucket.objects:
            raise _RefusedError(412, "at least one of the preconditions did not hold")
        self.bucket.objects[properties["name"]] = (media["Content-Type"].replace('"', ""), content)
        self.bucket.writes += 1
        answer = {"name": properties["name"], "bucket": self.bucket.name, "crc32c": checksum(content)}
        return {"Content-Type": "application/json"}, json.dumps(answer).encode()

    def _get(self, name):
        if name not in self.bucket.objects:
            raise _RefusedError(404, "No such object")
        content_type, content = self.bucket.objects[name]
        return {"Content-Type": content_type, "X-Goog-Hash": f"crc32c={checksum(content)}"}, content


@contextmanager
def serving(name, host="127.0.0.1", port=0):
    """Serve an empty bucket; gives it, and the address to set as STORAGE_EMULATOR_HOST."""
    bucket = Bucket(name)
    server = ThreadingHTTPServer((host, port), type("Handler", (_Handler,), {"bucket": bucket}))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield bucket, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
