"""The real provider, kept running for many commands of Terraform: to start it anew for each is half of what it costs.

Terraform calls such a provider unmanaged, and takes it as it is, so that `init` installs one first, as the module's
constraints want it: https://developer.hashicorp.com/terraform/plugin/debugging#terraform-cli-development-overrides
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO

from support.mirror import ADDRESS
from support.terraform import Terraform, TerraformError

REATTACH = re.compile(rb"TF_REATTACH_PROVIDERS='(\{.*\})'")
"""What a provider prints when it is started for a debugger."""

NOT_FOR_LONG = ("AWS_CA_BUNDLE", "GOGC")
"""Variables that are not for a provider that keeps running. The second time that it is configured, the SDK refuses to
add certificates to the client that it has; Go heeds SSL_CERT_FILE instead, but not on macOS, where Terraform starts the
provider. And as it does not end soon, it has to collect its garbage, or would fill half a gigabyte more."""


@contextmanager
def serving(terraform: Terraform, module: Path) -> Iterator[Terraform]:
    """Keep the provider running that a module's `init` has installed; yield what finds it, and stop it at the end.

    Raises `TerraformError` when the provider ends before it serves.
    """
    if sys.platform == "darwin":
        yield terraform
        return
    program = next((module / ".terraform" / "providers" / ADDRESS).glob("*/*/terraform-provider-aws*"))
    process = subprocess.Popen(
        [program, "-debug"],
        cwd=module,
        env={name: value for name, value in terraform.variables().items() if name not in NOT_FOR_LONG},
        stdout=subprocess.PIPE,
        # It traces every call there.
        stderr=subprocess.DEVNULL,
    )
    try:
        yield replace(terraform, reattach=_reattach(process.stdout))
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


def _reattach(output: IO[bytes] | None) -> str:
    for line in output or ():
        if found := REATTACH.search(line):
            return found[1].decode()
    raise TerraformError("the provider ended before it served; start it with -debug to see why")
