"""What exists in the faked Google Cloud: resources by API and path, their IAM policies, and operations."""

from __future__ import annotations

import copy
import hashlib
import json
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from rig.gcp.refusal import missing

Json = dict[str, Any]
Key = tuple[str, str]
"""An API's name, and the path of a resource under its host."""
Kept = tuple[dict[Key, Json], dict[str, Json], dict[Key, Json], dict[Key, Json], set[Key]]
"""A copy of a store's fields, in their order."""

NAME_STAYS = ("sqladmin", "cloudkms")
"""APIs whose names are not free again when a resource is gone: for a week (Cloud SQL), for ever (Cloud KMS)."""


def now() -> str:
    """Return the time as Google's APIs write it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def number_of(text: str) -> str:
    """Return a number for a text that looks like an id of Google's, always the same one."""
    return str(int(hashlib.sha256(text.encode()).hexdigest()[:15], 16))


def project_in(path: str) -> str:
    """Return the project that a path names, empty where it names none."""
    found = re.search(r"/projects/([^/:]+)", path)
    return found[1] if found else ""


def tail(path: str) -> str:
    """Return a resource's name: its path from `projects/` on, which is how others refer to it."""
    at = path.find("projects/")
    return path[at:] if at >= 0 else path.strip("/").split("/", 1)[-1]


@dataclass
class Store:
    """The state of one faked cloud. Whoever changes it holds `lock`."""

    objects: dict[Key, Json] = field(default_factory=dict)
    operations: dict[str, Json] = field(default_factory=dict)
    policies: dict[Key, Json] = field(default_factory=dict)
    hidden: dict[Key, Json] = field(default_factory=dict)
    """What no answer shows: payloads of secrets."""
    burnt: set[Key] = field(default_factory=set)
    """Names that stay taken."""
    lock: threading.RLock = field(default_factory=threading.RLock)
    _count: int = 0

    def get(self, api: str, path: str) -> Json:
        """Return a resource. Raises `Refusal` with 404."""
        found = self.objects.get((api, path))
        if found is None:
            missing(path)
        return found

    def has(self, api: str, path: str) -> bool:
        """Whether a resource is there."""
        return (api, path) in self.objects

    def put(self, api: str, path: str, value: Json) -> Json:
        """Store a resource."""
        self.objects[api, path] = value
        return value

    def remove(self, api: str, path: str) -> Json:
        """Remove a resource with all that lies below it. Raises `Refusal` with 404."""
        old = self.get(api, path)
        for key in [key for key in self.objects if key[0] == api and (key[1] + "/").startswith(path + "/")]:
            del self.objects[key]
            self.policies.pop(key, None)
            if api in NAME_STAYS and key[1].count("/") <= path.count("/"):
                self.burnt.add(key)
        return old

    def below(self, api: str, path: str) -> Iterator[tuple[str, Json]]:
        """Yield the paths and values of a collection's direct members."""
        for (name, key), value in list(self.objects.items()):
            if name == api and key.startswith(path + "/") and "/" not in key[len(path) + 1 :]:
                yield key, value

    def referring(self, path: str, *apis: str) -> Iterator[tuple[str, str]]:
        """Yield API and path of what names a resource, in some APIs; what lies below it does not count."""
        name = re.compile(re.escape(tail(path)) + r'(?:[/@:#][^"]*)?"')
        for (api, key), value in list(self.objects.items()):
            if api not in apis or key == path or key.startswith(path + "/"):
                continue
            said = {field: item for field, item in value.items() if field not in ("selfLink", "name", "id")}
            if name.search(json.dumps(said)):
                yield api, key

    def kept(self) -> Kept:
        """Return a copy of all that is there."""
        with self.lock:
            return copy.deepcopy((self.objects, self.operations, self.policies, self.hidden, self.burnt))

    def put_back(self, kept: Kept) -> None:
        """Make it what it was when a copy was taken; the copy can be put back again."""
        with self.lock:
            self.objects, self.operations, self.policies, self.hidden, self.burnt = copy.deepcopy(kept)

    def next_number(self) -> int:
        """Return a number that was not given out yet."""
        with self.lock:
            self._count += 1
            return self._count

    def operation(self, name: str, value: Json) -> Json:
        """Store an operation under the last word of its name."""
        self.operations[name.rsplit("/", 1)[-1]] = value
        return value


def operation_name(store: Store) -> str:
    """Return a new operation's name."""
    return f"operation-{int(time.time())}-{store.next_number()}"
