"""One request to the faked control plane, and what the fake remembers of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """A request as it came: host, verb, path without escapes, query parameters, and the body of JSON."""

    host: str
    verb: str
    path: str
    query: Mapping[str, str]
    body: Json | None = None


@dataclass(frozen=True)
class Answered:
    """A request that was answered: its method's id where there is one, and the HTTP code."""

    method: str
    verb: str
    path: str
    code: int
    message: str = ""

    def __str__(self) -> str:
        return f"{self.code} {self.verb} {self.path} {self.message}".strip()
