"""An authority of our own that machines trust, and one certificate for all servers of both clouds."""

from __future__ import annotations

import subprocess
from pathlib import Path

AUTHORITY = "authority.pem"
NAMES = (
    *("*.dkr.ecr.eu-west-1.amazonaws.com", "*.ecr.eu-west-1.amazonaws.com", "*.eu-west-1.amazonaws.com"),
    *("*.googleapis.com", "*.pkg.dev"),
)


def make_certificates(folder: Path) -> None:
    """Write the authority, and `server.pem` and `server.key`."""
    names = "subjectAltName=" + ",".join(f"DNS:{name}" for name in NAMES)
    new = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj")
    _run(*new, "/CN=authority of the tests", "-keyout", f"{folder}/authority.key", "-out", f"{folder}/{AUTHORITY}")
    signed = ("-CA", f"{folder}/{AUTHORITY}", "-CAkey", f"{folder}/authority.key")
    usage = ("-addext", "basicConstraints=critical,CA:FALSE", "-addext", names)
    _run(*new, "/CN=servers", *usage, *signed, "-keyout", f"{folder}/server.key", "-out", f"{folder}/server.pem")


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
