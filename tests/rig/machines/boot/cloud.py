"""What the clouds' servers have in common, as a machine and a test see them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rig.machines.boot.image import Image
from rig.machines.boot.network import Network


@dataclass(frozen=True)
class LogLine:
    """What a log driver sent: a line with its group and stream, or all that came at once, with its labels inside."""

    group: str
    stream: str
    text: str


class Cloud(Protocol):
    """The servers around one machine, and what they were asked."""

    image: Image
    secrets: Mapping[str, str]
    asked: list[str]
    refused: list[str]
    logs: list[LogLine]

    @property
    def starts_docker(self) -> bool:
        """Whether the system of its machines starts Docker by itself."""

    @property
    def closed_ports(self) -> bool:
        """Whether the system of its machines lets nothing in by itself."""

    @property
    def forgets(self) -> tuple[str, ...]:
        """The folders of a machine that its system begins anew at each start."""

    def around(self, network: Network, folder: Path) -> AbstractContextManager[dict[str, str]]:
        """Serve; yield the addresses of names."""
