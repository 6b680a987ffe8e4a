"""The emulator's own process: moto's proxy with the gaps mended. `python -m rig.emulator.server CERTIFICATES`.

It prints `PORT <number>` once it listens, on a free port of the loopback address, and serves until it is stopped.
"""

from __future__ import annotations

import logging
import os
import shutil
import signal
import sys
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import parse_qs

from moto.moto_proxy import proxy3
from moto.moto_proxy.certificate_creator import CertificateCreator
from werkzeug.exceptions import HTTPException

from rig.emulator.gaps import mend_all
from rig.emulator.models import refused

ONE_AT_A_TIME = threading.RLock()
"""What moto remembers are plain dictionaries, which one request would change while another one walks through them."""


class Answering(proxy3.MotoRequestHandler):
    """Answers what moto does not know with 501, once, and says so; answers one request after the other.

    moto's own answer is 502, which the provider tries again 25 times, for a quarter of an hour.
    """

    checked = 0
    """Requests that were held against Amazon's models."""

    def parse_request(self, method: str, host: str, path: str, headers: Any, body: bytes | None) -> Any:
        """Answer one request. An action that moto has not, or fails in, is printed on standard error.

        So is what Amazon's own models do not allow, which moto takes.
        """
        try:
            Answering.checked += 1
            try:
                found = refused(method, host + path, headers, body)
            except LookupError as unknown:
                found = [f"no model has this request: {unknown}"]
            for sentence in found:
                print(f"Amazon refuses: {sentence}", file=sys.stderr, flush=True)
            with ONE_AT_A_TIME:
                return super().parse_request(method, host, path, headers, body)
        except HTTPException:
            raise
        except Exception as error:
            action = (
                headers.get("X-Amz-Target") or parse_qs((body or b"").decode(errors="replace")).get("Action", [""])[0]
            )
            text = f"moto failed: {method} {host}{path} {action}: {type(error).__name__}: {error}"
            print(text, file=sys.stderr, flush=True)
            return 501, {}, text


class Proxy(ThreadingHTTPServer):
    """moto's proxy, with a backlog that holds as many connections as Terraform opens at once."""

    daemon_threads = True
    request_queue_size = 128


def _stop(signum: int, frame: FrameType | None) -> None:
    sys.exit(0)


def main(certificates: str) -> None:
    """Serve until SIGTERM. The certificates that the proxy makes for AWS's host names go to that folder."""
    folder = Path(certificates)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(Path(CertificateCreator.certdir, "req.conf.tmpl"), folder)
    CertificateCreator.certdir = f"{folder}/"
    mend_all()
    proxy3.MotoRequestHandler = Answering
    signal.signal(signal.SIGTERM, _stop)
    server = Proxy(("127.0.0.1", 0), proxy3.ProxyRequestHandler)
    port = server.socket.getsockname()[1]
    os.environ["MOTO_PORT"] = str(port)
    os.environ["TEST_PROXY_MODE"] = "true"
    proxy3.ProxyRequestHandler.validate()
    print(f"PORT {port}", flush=True)
    # Nobody reads more than that line: whatever moto and openssl print goes where errors go, or the pipe fills up.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    logging.getLogger("MOTO_PROXY").setLevel(logging.ERROR)
    try:
        server.serve_forever()
    finally:
        print(f"Amazon's models checked: {Answering.checked}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
