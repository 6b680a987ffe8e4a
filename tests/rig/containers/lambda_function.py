"""An image as Lambda runs it, by Amazon's own Runtime Interface Emulator."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rig.containers.container import HARDENED, NETWORK, Docker, started, wait_for_answer

PORT = 9000
INVOKE = "/2015-03-31/functions/function/invocations"

EVENTS = {
    "PORT": "8080",
    "AWS_LWA_PORT": "8080",
    "AWS_LWA_READINESS_CHECK_PROTOCOL": "tcp",
    "AWS_LWA_PASS_THROUGH_PATH": "/events",
    "AWS_LWA_ERROR_STATUS_CODES": "300-599",
}
"""What functions.tf tells a function that events start."""


@dataclass
class Lambda:
    """A function under the emulator."""

    docker: Docker
    name: str
    url: str

    def invoke(self, event: Any) -> Any:
        """Send an event, as Lambda gets it; return what the function answers."""
        request = urllib.request.Request(self.url, json.dumps(event).encode())
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            told = self.docker.run("logs", self.name)[-3000:]
            raise AssertionError(f"the emulator answers {error.code}: {error.read()!r}\n{told}") from error

    def told(self) -> list[dict[str, Any]]:
        """What the application was told, as it wrote it into its log."""
        lines = self.docker.run("logs", self.name).splitlines()
        found = [line.partition("told ")[2] for line in lines if line.startswith("told ")]
        assert all(line.endswith(" application/cloudevents+json") for line in found)
        return [json.loads(line.rpartition(" ")[0]) for line in found]


@contextmanager
def under_emulator(
    docker: Docker,
    emulator: Path,
    tag: str,
    name: str,
    variables: Mapping[str, str],
    network: str = NETWORK,
    command: Sequence[str] | None = None,
) -> Iterator[Lambda]:
    """Run an image as Lambda does, in a container of that name; `emulator` is the program.

    `command` stands in for the image's own.
    """
    config = docker.image(tag)["Config"]
    options = [
        *HARDENED,
        *("--entrypoint", "/emulator/aws-lambda-rie", "--volume", f"{emulator.parent}:/emulator:ro"),
    ]
    words = [*config["Entrypoint"], *(config["Cmd"] if command is None else command)]
    command = ["--runtime-interface-emulator-address", f"0.0.0.0:{PORT}", *words]
    with started(docker, tag, name, variables, port=PORT, options=options, network=network, command=command):
        url = docker.address(name, PORT)
        wait_for_answer(docker, name, url)
        yield Lambda(docker, name, url + INVOKE)
