"""What all that stands in for a cloud's storage on one machine has in common, as compose sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cloudgen.dataclass import dataclass, field
from cloudgen.stack.base import Variable

LOCAL_KEY = "local-only"
"""Access key, secret key and password of every stand-in: good for this machine only, and says so."""

HARDENED: Mapping[str, Any] = {"cap_drop": ["ALL"], "security_opt": ["no-new-privileges:true"]}
"""No privileges beyond those of an ordinary process."""

STARTED = "service_started"
HEALTHY = "service_healthy"
COMPLETED = "service_completed_successfully"


@dataclass(frozen=True)
class LocalService:
    """A thing of `storage` on this machine: what a container that uses it is told, and what it waits for."""

    name: str
    variables: tuple[Variable, ...]
    waits_for: Mapping[str, str]
    """Compose services, with the condition of each."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """What `{from: …}` may ask for beside the variables."""


class Names:
    """Names of compose services. A container keeps its own; a stand-in of the same name gets another one."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)

    def unique(self, name: str) -> str:
        """Return the name, or the next one like it that nothing has; from now on it is taken."""
        while name in self._taken:
            name += "-local"
        self._taken.add(name)
        return name


def health(test: Sequence[str]) -> Mapping[str, Any]:
    """The `healthcheck` of a compose service."""
    return {"test": list(test), "interval": "2s", "timeout": "5s", "retries": 30}


def conditions(needs: Mapping[str, str]) -> Mapping[str, Any]:
    """The `depends_on` of a compose service."""
    return {service: {"condition": condition} for service, condition in needs.items()}
