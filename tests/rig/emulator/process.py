"""Starting the emulator, and what Terraform must know to talk to it instead of AWS."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import boto3
import moto.moto_proxy
from botocore.config import Config

CA = Path(moto.moto_proxy.__file__).parent / "ca.crt"
TESTS = Path(__file__).parents[2]


@dataclass(frozen=True)
class Emulator:
    """A running emulator: one account, no state but what this run put into it."""

    account: str
    proxy: str
    log: Path

    @property
    def environment(self) -> dict[str, str]:
        """The environment by which the AWS provider and the S3 backend reach the emulator, with made-up credentials."""
        return {
            "HTTPS_PROXY": self.proxy,
            "HTTP_PROXY": self.proxy,
            "SSL_CERT_FILE": str(CA),
            "AWS_CA_BUNDLE": str(CA),
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    def create_zone(self, domain: str) -> None:
        """Make a public hosted zone, as a user has it who brings a domain."""
        client = boto3.client(
            "route53",
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            verify=str(CA),
            config=Config(proxies={"https": self.proxy}),
        )
        client.create_hosted_zone(Name=domain, CallerReference=domain)

    def failures(self) -> list[str]:
        """Return what was asked of moto that it could not answer: what to look at when Terraform fails."""
        return self._said("moto failed")

    def refusals(self) -> list[str]:
        """Return what moto took and Amazon would not, by its own models, each once."""
        return sorted(set(self._said("Amazon refuses")))

    def checked(self) -> int:
        """Return how many requests were held against Amazon's models; it is known when the emulator has stopped."""
        return sum(int(line.rpartition(": ")[2]) for line in self._said("Amazon's models checked"))

    def _said(self, beginning: str) -> list[str]:
        return [line for line in self.log.read_text(errors="replace").splitlines() if line.startswith(beginning)]


@contextmanager
def running(folder: Path, account: str) -> Iterator[Emulator]:
    """Start an emulator for that account, with its certificates and its log in the folder, and stop it at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "moto.log"
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    environment |= {
        "PYTHONPATH": str(TESTS),
        "MOTO_ACCOUNT_ID": account,
        "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
        # Seconds until a certificate is issued; 60 without this.
        "MOTO_ACM_VALIDATION_WAIT": "1",
        # A service is steady when as many tasks run as are desired.
        "MOTO_ECS_SERVICE_RUNNING": "1",
    }
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "rig.emulator.server", str(folder / "certificates")],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
    try:
        yield Emulator(account, f"http://127.0.0.1:{_port(process, log)}", log)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _port(process: subprocess.Popen[bytes], log: Path) -> int:
    output: IO[bytes] | None = process.stdout
    line = output.readline() if output else b""
    if not line.startswith(b"PORT "):
        raise RuntimeError(f"the emulator did not start:\n{log.read_text(errors='replace')[-3000:]}")
    return int(line.split()[1])
