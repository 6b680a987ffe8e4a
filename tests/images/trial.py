"""What an image does from its start to its end, when it is run as a platform runs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from cloudgen.spec.containers import Container
from images.container import HARDENED, NETWORK, Docker, privileges, started, wait_for_answer, wait_for_health

PATIENCE = "10"
"""Seconds from SIGTERM to SIGKILL: what Cloud Run gives."""


@dataclass(frozen=True)
class Stop:
    """How a container ended when it was told to: the exit code, and the seconds that it took."""

    exit_code: int
    seconds: float


@dataclass(frozen=True)
class Trial:
    """What a service or a worker did."""

    answer: tuple[int, str] | None
    """Status and text at the path of the health check; None without a port."""
    health: str
    uid: str
    capabilities: str
    """The effective ones, as hexadecimal digits."""
    stop: Stop


def stopped(docker: Docker, container: str) -> Stop:
    """Stop a container, and tell how it went."""
    start = datetime.now(UTC)
    docker.run("stop", "--time", PATIENCE, container)
    state = docker.inspect(container)["State"]
    # When the process ended, not when the command that stopped it came back.
    ended = datetime.fromisoformat(state["FinishedAt"])
    return Stop(state["ExitCode"], (ended - start).total_seconds())


def try_out(
    docker: Docker,
    tag: str,
    name: str,
    container: Container,
    environment: Mapping[str, str] | None = None,
    *,
    network: str = NETWORK,
) -> Trial:
    """Run a service or a worker until its health check has spoken, then stop it."""
    # A worker is run by every platform with an init, as its compose file says why; a server is its own.
    options = HARDENED if container.port else (*HARDENED, "--init")
    with started(docker, tag, name, environment, port=container.port, options=options, network=network):
        answer = None
        if container.port:
            url = docker.address(name, container.port) + container.health_check.path
            answer = wait_for_answer(docker, name, url)
        health = wait_for_health(docker, name)
        found = privileges(docker, name)
        return Trial(answer, health, found["Uid"], found["CapEff"], stopped(docker, name))


def run_to_its_end(
    docker: Docker, tag: str, name: str, environment: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """Run a job; return its exit code and its log."""
    with started(docker, tag, name, environment):
        code = int(docker.run("wait", name, timeout=120))
        return code, docker.run("logs", name)
