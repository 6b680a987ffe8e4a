"""A call of one method: what a request has become once its route is known and its body was checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rig.gcp.discovery import Api, Method
from rig.gcp.store import Store

Json = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """A method with the path, the query and the body that it is called with, and the state that it acts on."""

    store: Store
    api: Api
    method: Method
    path: str
    query: Mapping[str, str]
    body: Json

    @property
    def item(self) -> str:
        """The path of the resource that a change is of: some of Compute Engine's methods name it in the query."""
        name = self.query.get(self.path.rsplit("/", 1)[-1].removesuffix("s"))
        return f"{self.path}/{name}" if name else self.path

    def asked_for(self, value: Json, *names: str) -> bool:
        """Whether a resource has the values that some query parameters ask for."""
        return all(self.query.get(name, value.get(name)) == value.get(name) for name in names)
