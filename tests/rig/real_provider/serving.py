"""The real provider, kept running for many commands of Terraform: starting it for each is half of its cost.

Terraform calls such a provider unmanaged, and takes it as it is, so that `init` installs one first, as the module's
constraints want it: https://developer.hashicorp.com/terraform/plugin/debugging#terraform-cli-development-overrides
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO

from rig.real_provider.mirror import AWS, Wanted
from rig.tools.terraform import Terraform, TerraformError

REATTACH = re.compile(rb"TF_REATTACH_PROVIDERS='(\{.*\})'")
"""What a provider prints when it is started for a debugger."""

TESTS = Path(__file__).parents[2]

NOT_FOR_LONG = ("AWS_CA_BUNDLE", "GOGC")
"""Variables that are not for a provider that keeps running. The second time that it is configured, the SDK refuses to
add certificates to the client that it has; Go heeds SSL_CERT_FILE instead, but not on macOS, where Terraform starts the
provider. And as it does not end soon, it has to collect its garbage, or would fill half a gigabyte more."""


@contextmanager
def serving(terraform: Terraform, module: Path, types: Collection[str], wanted: Wanted = AWS) -> Iterator[Terraform]:
    """Keep the provider running that a module's `init` has installed; yield what finds it, and stop it at the end.

    Of its schemas Terraform gets those of some types, see `narrow`. Raises `TerraformError` when the
    provider ends before it serves.
    """
    if sys.platform == "darwin":
        yield terraform
        return
    installed = module / ".terraform" / "providers" / wanted.address
    program = next(installed.glob(f"*/*/terraform-provider-{wanted.name}*"))
    process = subprocess.Popen(
        [program, "-debug"],
        cwd=module,
        env={name: value for name, value in terraform.variables().items() if name not in NOT_FOR_LONG},
        stdout=subprocess.PIPE,
        # It traces every call there.
        stderr=subprocess.DEVNULL,
    )
    try:
        with _narrow(reattach(process.stdout), types) as narrow:
            yield replace(terraform, reattach=narrow)
    finally:
        # It removes its socket when it is interrupted.
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


@contextmanager
def _narrow(found_at: str, types: Collection[str]) -> Iterator[str]:
    """Put a process between Terraform and the provider; yield where it is."""
    found = json.loads(found_at)
    (address,) = (provider["Addr"] for provider in found.values())
    # A folder with a short name: a socket's path has at most 107 characters.
    with tempfile.TemporaryDirectory(prefix="narrow-") as folder:
        socket = f"{folder}/s"
        process = subprocess.Popen(
            [sys.executable, "-m", "rig.real_provider.narrow", socket, address["String"], *types],
            env={**os.environ, "PYTHONPATH": str(TESTS)},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            if not (process.stdout and process.stdout.readline()):
                raise TerraformError("nothing stands between Terraform and the provider; standard error says why")
            address["String"] = socket
            yield json.dumps(found)
        finally:
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()


def reattach(output: IO[bytes] | None) -> str:
    """Return where a provider is that was started for a debugger. Raises `TerraformError` when it ends before."""
    for line in output or ():
        if found := REATTACH.search(line):
            return found[1].decode()
    raise TerraformError("the provider ended before it served; start it with -debug to see why")
