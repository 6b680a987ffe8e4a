"""What exists in the imagined cloud: one file that all provider processes of a test share.

Terraform starts a new provider process for each command and each provider block, so what was created must live
outside them. The file's folder is named by the environment variable STANDIN_CLOUD; without it a process has a cloud
of its own, which ends with it.
"""

from __future__ import annotations

import fcntl
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

VARIABLE = "STANDIN_CLOUD"
RUN = "run"
"""The file beside the cloud's own that holds a number for each run of Terraform."""
ZONES_VARIABLE = "STANDIN_ZONES"
"""Domains, separated by commas, whose DNS zones the project has had before Terraform came."""
NAMING = (
    "id",
    "arn",
    "name",
    "self_link",
    "instance_group",
    "account_id",
    "bucket_id",
    "email",
    "instance_id",
    "repository_id",
    "secret_id",
    "workload_identity_pool_id",
)
"""Attributes by which other resources refer to one."""


@dataclass(frozen=True)
class Thing:
    """A resource that exists: its attributes, when it was made (a counter), and by which run of Terraform.

    `relies` are the keys of what had to exist first, each need with its alternatives. `gone` marks a name that stays
    taken after a deletion. `pending` are values that were asked for and come later.
    """

    type: str
    id: str
    values: dict[str, Any]
    order: int
    run: int
    relies: tuple[tuple[str, ...], ...] = ()
    gone: bool = False
    pending: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What the resource is stored under."""
        return f"{self.type} {self.id}"

    def get(self, name: str) -> Any:
        """Return an attribute, None when it has none."""
        return self.values.get(name)


@dataclass
class Cloud:
    """The resources that exist, by type and id."""

    path: Path | None = None
    things: dict[str, Thing] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    relied: set[tuple[str, ...]] = field(default_factory=set)
    seen: tuple[int, int, int] | None = None
    """Which version of the file `things` are."""

    @classmethod
    def from_environment(cls) -> Cloud:
        """Return the cloud that the environment names."""
        folder = os.environ.get(VARIABLE)
        return cls(Path(folder) / "cloud.json" if folder else None)

    @contextmanager
    def open(self) -> Iterator[Cloud]:
        """Hold the cloud for one change: read what others wrote, write what was changed."""
        with self.lock:
            if self.path is None:
                yield self
                return
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.with_suffix(".lock").open("a") as guard:
                fcntl.flock(guard, fcntl.LOCK_EX)
                self.load()
                before = dict(self.things)
                try:
                    yield self
                except BaseException:
                    self.seen = None
                    raise
                if self.things != before:
                    # Not dataclasses.asdict: copying everything for each change was most of a cycle's time.
                    text = json.dumps({key: vars(thing) for key, thing in self.things.items()}, default=str)
                    self.path.write_text(text)
                    state = self.path.stat()
                    self.seen = (state.st_mtime_ns, state.st_size, state.st_ino)

    def load(self) -> None:
        """Read what the file holds now, if it was written since."""
        state = self.path.stat() if self.path and self.path.exists() else None
        seen = (state.st_mtime_ns, state.st_size, state.st_ino) if state else None
        if seen is not None and seen == self.seen:
            return
        self.seen = seen
        stored = json.loads(self.path.read_text()) if self.path and self.path.exists() else {}
        self.things = {
            key: Thing(**thing | {"relies": tuple(map(tuple, thing["relies"]))}) for key, thing in stored.items()
        }

    def run(self) -> int:
        """Return which run of Terraform this is: what was noted beside the cloud, else Terraform's process."""
        noted = self.path.parent / RUN if self.path else None
        return int(noted.read_text()) if noted and noted.exists() else os.getppid()

    def rely(self, *things: Thing) -> None:
        """Note that the resource being created needs one of these, so that the dependency can be looked for."""
        self.relied.add(tuple(sorted(thing.key for thing in things)))

    def put(
        self,
        resource_type: str,
        identity: str,
        values: dict[str, Any],
        before: dict[str, Any] | None = None,
        later: dict[str, Any] | None = None,
    ) -> None:
        """Record that a resource exists, or what it has become; values that come `later` stay as `before`."""
        later = later or {}
        values = values | {name: (before or {}).get(name) for name in later}
        key = f"{resource_type} {identity}"
        old = self.things.get(key)
        order = old.order if old else 1 + max((thing.order for thing in self.things.values()), default=0)
        run = old.run if old else self.run()
        # What a change needs may be another thing than what the resource once needed.
        relies = tuple(sorted(self.relied)) or (old.relies if old else ())
        gone = old.gone if old else False
        self.things[key] = Thing(resource_type, identity, values, order, run, relies, gone, later)

    def remove(self, resource_type: str, identity: str, name_stays: bool = False) -> None:
        """Record that a resource is gone; of some, the name stays taken."""
        old = self.things.pop(f"{resource_type} {identity}", None)
        if old is not None and name_stays:
            self.things[old.key] = replace(old, gone=True)

    def restore(self, resource_type: str, identity: str) -> None:
        """Record that what was gone and kept its name is there again; without effect on all else."""
        key = f"{resource_type} {identity}"
        if key in self.things:
            self.things[key] = replace(self.things[key], gone=False)

    def exists(self, resource_type: str, identity: str) -> bool:
        """Whether a resource with this id exists, or had it and keeps the name."""
        return f"{resource_type} {identity}" in self.things

    def is_gone(self, resource_type: str, identity: str) -> bool:
        """Whether a resource with this id was deleted and keeps its name."""
        thing = self.things.get(f"{resource_type} {identity}")
        return thing is not None and thing.gone

    def all(self, *resource_types: str) -> list[Thing]:
        """Return the resources of some types, oldest first; of all types when none is named."""
        found = [
            thing
            for thing in self.things.values()
            if not thing.gone and (not resource_types or thing.type in resource_types)
        ]
        return sorted(found, key=lambda thing: thing.order)

    def find(self, name: str, *resource_types: str) -> Thing | None:
        """Return the resource that a reference leads to: an id, a self link, a full name or a bare name."""
        for thing in self.all(*resource_types):
            if name in thing_names(thing) or name.split("/v1/")[-1] in thing_names(thing):
                return thing
        return None


def thing_names(thing: Thing) -> set[str]:
    """Return every text by which other resources may refer to this one."""
    return {str(thing.values[key]) for key in NAMING if thing.values.get(key)}
