"""A small application in the shape of other people's repositories: its files, and how its spec says to build it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

SPEC = """\
version: 1
name: shapes
targets: {{aws: {{region: eu-west-1}}}}
containers:
  web: {{port: 8000, health_check: {{grace_period: {grace}s, interval: 5s, timeout: 4s}}, build: {build}{more}}}
"""


@dataclass(frozen=True)
class Shape:
    """An application."""

    build: str
    """Section `build` of its container."""
    answer: str
    """What it says at /healthz."""
    files: Mapping[str, str]
    locked: tuple[str, ...] = field(default=())
    """The files that its package manager makes the lock of."""
    more: str = ""
    """What else the spec says of the container, each key after a comma."""
    grace: int = 5
    """Seconds that it may take to start."""

    def write(self, folder: Path) -> None:
        """Write everything but the lock."""
        spec = SPEC.format(build=self.build, more=self.more, grace=self.grace)
        for name, text in {**self.files, "cloudgen.yaml": spec}.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
