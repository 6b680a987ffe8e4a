"""S3 and SQS by moto, as RustFS and ElasticMQ serve them: `python aws_server.py PORT`, inside of a stand-in image.

Like RustFS it answers at /health, and refuses an access key that is not RUSTFS_ACCESS_KEY. Unlike it, it checks no
signature, and keeps everything in memory.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable
from typing import Any

# Before moto is imported, which reads it then: the account in the queues' addresses.
os.environ.setdefault("MOTO_ACCOUNT_ID", "000000000000")

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple

MOTO = DomainDispatcherApplication(create_backend_app)
KEY = os.environ.get("RUSTFS_ACCESS_KEY")


def application(environment: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Answer as the genuine servers do, and leave the rest to moto."""
    if environment["PATH_INFO"] == "/health":
        start("200 OK", [("Content-Type", "text/plain")])
        return [b"ok"]
    if KEY and f"Credential={KEY}/" not in environment.get("HTTP_AUTHORIZATION", ""):
        start("403 Forbidden", [("Content-Type", "application/xml")])
        return [b"<Error><Code>InvalidAccessKeyId</Code><Message>no such access key</Message></Error>"]
    found: Iterable[bytes] = MOTO(environment, start)
    return found


if __name__ == "__main__":
    # The first process of a container has no default for it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    run_simple("0.0.0.0", int(sys.argv[1]), application, threaded=True)
