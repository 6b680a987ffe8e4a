"""Two networks joined by a cable: the machine's, and that of the cloud around it. Both are apart from our own."""

from __future__ import annotations

import ctypes
import http.client
import os
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

CLOUD = "10.99.0.1"
"""Where the cloud's servers are, in the cloud's network."""
LOGS = "10.99.0.3"
"""Where Cloud Logging is, which speaks another protocol."""
MACHINE = "10.99.0.2"
METADATA = "169.254.169.254"
CLONE_NEWNET = 0x40000000

Found = TypeVar("Found")
_numbers = count()
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Network:
    """The names of the two namespaces."""

    machine: str
    cloud: str

    @property
    def machine_path(self) -> str:
        """The machine's namespace as a file."""
        return f"/run/netns/{self.machine}"

    def close_ports(self) -> None:
        """Let nothing in but answers, as Container-Optimized OS does."""
        for rule in (
            "--policy INPUT DROP",
            "--flush INPUT",
            "--append INPUT --in-interface lo --jump ACCEPT",
            "--append INPUT --match conntrack --ctstate RELATED,ESTABLISHED --jump ACCEPT",
        ):
            _run("ip", "netns", "exec", self.machine, "iptables", *rule.split())

    def in_cloud(self, function: Callable[[], Found]) -> Found:
        """Run a function in the cloud's network: sockets that it makes stay there."""

        def inside() -> Found:
            file = os.open(f"/run/netns/{self.cloud}", os.O_RDONLY)
            try:
                if _libc.setns(file, CLONE_NEWNET) != 0:
                    raise OSError(ctypes.get_errno(), "setns")
            finally:
                os.close(file)
            return function()

        with ThreadPoolExecutor(1) as pool:
            return pool.submit(inside).result()

    def get(self, port: int, path: str, timeout: float = 1) -> tuple[int, str] | None:
        """Ask the machine as the load balancer does; None where no whole answer comes."""

        def ask() -> tuple[int, str] | None:
            connection = http.client.HTTPConnection(MACHINE, port, timeout=timeout)
            try:
                connection.request("GET", path)
                answer = connection.getresponse()
                return answer.status, answer.read().decode()
            except (OSError, http.client.HTTPException):
                return None
            finally:
                connection.close()

        return self.in_cloud(ask)


@contextmanager
def made() -> Iterator[Network]:
    """Make both networks, and take them away afterwards."""
    number = f"{os.getpid()}-{next(_numbers)}"
    network = Network(f"machine-{number}", f"cloud-{number}")
    try:
        for name in (network.machine, network.cloud):
            _run("ip", "netns", "add", name)
            _run("ip", "-n", name, "link", "set", "lo", "up")
        peer = ("type", "veth", "peer", "name", "eth0", "netns", network.cloud)
        _run("ip", "-n", network.machine, "link", "add", "eth0", *peer)
        for name, addresses in ((network.machine, (MACHINE,)), (network.cloud, (CLOUD, LOGS, METADATA))):
            for address in addresses:
                _run("ip", "-n", name, "address", "add", f"{address}/24", "dev", "eth0")
            _run("ip", "-n", name, "link", "set", "eth0", "up")
        _run("ip", "-n", network.machine, "route", "add", "default", "via", CLOUD)
        yield network
    finally:
        for name in (network.machine, network.cloud):
            subprocess.run(["ip", "netns", "delete", name], capture_output=True, check=False)


def _run(*command: str) -> None:
    path = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
    subprocess.run(command, env={**os.environ, "PATH": path}, check=True, capture_output=True)
