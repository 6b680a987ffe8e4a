"""What a fact looks at: the deployment that was asked for, and the plans that were made of it."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cloudgen.spec.containers import Container
from cloudgen.spec.deployment import Deployment
from rig.facts.plan import Module, PlannedResource


@dataclass(frozen=True)
class Seen:
    """One thing that a fact looked at, and what is wrong with it, if anything is."""

    subject: str
    wrong: tuple[str, ...] = ()

    @classmethod
    def of(cls, subject: str, faults: Mapping[str, bool]) -> Seen:
        """Look at a subject: each fault is a sentence, and whether it holds."""
        return cls(subject, tuple(sentence for sentence, holds in faults.items() if holds))


class Scene:
    """A deployment, and the modules that its plans describe."""

    def __init__(self, deployment: Deployment, plans: Mapping[str, Mapping[str, Any]]) -> None:
        self.deployment = deployment
        self._modules = {name: Module(plan) for name, plan in plans.items()}

    @property
    def root(self) -> Module:
        """The module that holds the deployment."""
        return self._modules["."]

    @property
    def bootstrap(self) -> Module:
        """The module that is applied before it; empty, where the deployment needs none."""
        return self._modules.get("bootstrap") or Module({"planned_values": {}})

    @property
    def account(self) -> Module:
        """The module that is applied once in an account; empty, where the deployment has no audit trail."""
        return self._modules.get("account") or Module({"planned_values": {}})

    def at(self, address: str) -> PlannedResource:
        """Return the resource of the root module with this address. Raises MissingResourceError."""
        return self.root.get(*address.split("."))

    @property
    def modules(self) -> list[Module]:
        """All modules."""
        return list(self._modules.values())

    def containers(self, *kinds: str) -> dict[str, Container]:
        """Return the containers of these kinds; all of them, if none is named."""
        found = self.deployment.containers.items()
        return {name: container for name, container in found if not kinds or container.kind in kinds}

    def connections(self, section: str) -> Iterator[tuple[str, str, str]]:
        """Yield container, name and verb of each connection to a section of the storage: databases, buckets, ..."""
        known = getattr(self.deployment.storage, section)
        for name, container in self.deployment.containers.items():
            found = [(each.name, each.verb or DEFAULTS[section]) for each in container.connects_to]
            # A trigger is a connection.
            trigger = container.trigger
            found += [(trigger.bucket, "read")] if trigger and trigger.bucket else []
            found += [(trigger.queue, "consume")] if trigger and trigger.queue else []
            yield from ((name, thing, verb) for thing, verb in dict.fromkeys(found) if thing in known)

    def kept(self) -> Iterator[tuple[str, str]]:
        """Yield container and path of each folder whose files stay; what is not absolute is below /app."""
        for name, container in self.deployment.containers.items():
            for each in container.writable:
                if each.keep:
                    yield name, posixpath.join("/app", each.folder).rstrip("/")

    @property
    def https(self) -> bool:
        """Whether users reach the deployment by HTTPS."""
        balancer = self.deployment.load_balancer
        return balancer is not None and balancer.domain is not None and balancer.tls == "managed"

    @property
    def own_key(self) -> bool:
        """Whether data is to be encrypted with a key of one's own."""
        return self.deployment.security.encryption == "customer_managed"


DEFAULTS = {"databases": "connect", "buckets": "write", "caches": "connect", "queues": ""}
"""What a connection without a verb means."""

Check = Callable[[Scene], Iterator[Seen]]


def label(name: str) -> str:
    """Return the Terraform label of a thing of the spec: `orders-db` -> `orders_db`."""
    return name.replace("-", "_")


def variable(name: str, suffix: str) -> str:
    """Return the name of an environment variable that a connection brings: `orders-db` -> `ORDERS_DB_HOST`."""
    return f"{label(name).upper()}_{suffix}"
