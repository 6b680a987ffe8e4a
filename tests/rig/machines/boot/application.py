"""What the container of a machine runs: a server, or without PORT a worker; it tells how it runs, and ends in order."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SLOW = 4.0
"""Seconds that an answer to /slow takes."""


def report() -> dict[str, object]:
    """What the process sees of itself."""
    status = dict(re.findall(r"^(\w+):\s*(.*)$", Path("/proc/self/status").read_text(), re.MULTILINE))
    return {
        "uid": os.getuid(),
        "gid": os.getgid(),
        "capabilities": [status[name] for name in ("CapPrm", "CapEff", "CapBnd", "CapAmb")],
        "no_new_privileges": status["NoNewPrivs"],
        "core_file": resource.getrlimit(resource.RLIMIT_CORE)[1],
        "writable": [folder for folder in ("/", "/app", "/app/cache", "/tmp") if can_write(folder)],
        "environment": dict(os.environ),
    }


def can_write(folder: str) -> bool:
    """Whether a file can be made there."""
    try:
        Path(folder, "try").write_text("")
    except OSError:
        return False
    return True


class Handler(BaseHTTPRequestHandler):
    """Answers at once, or late at /slow."""

    def do_GET(self) -> None:
        """Answer with the report."""
        if self.path == "/slow":
            print("a slow request has come", flush=True)
            time.sleep(SLOW)
        body = json.dumps(report()).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing of single requests."""


def serve(port: int) -> None:
    """Serve until SIGTERM, and finish what has begun."""
    # So that the end waits for the answers that are still being given.
    ThreadingHTTPServer.daemon_threads = False
    server = ThreadingHTTPServer(("0.0.0.0", port), Handler)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever()
    server.server_close()


def work() -> None:
    """Wait for SIGTERM, and finish."""
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    print("ready to end", flush=True)
    ended.wait()


if __name__ == "__main__":
    print("started as", json.dumps(sys.argv[1:]), flush=True)
    told = report()
    del told["environment"]
    print("report", json.dumps(told), flush=True)
    serve(int(os.environ["PORT"])) if "PORT" in os.environ else work()
    print("ended in order", flush=True)
