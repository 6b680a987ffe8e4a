"""What commands that are kept as they are stated take from where they ran: variables, addresses of a compose file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cloudgen.detect.application import Application

_VARIABLE = re.compile(r"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)[^{}]*\})")
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+]{1,30}://(?:[^\s/@]*@)?([a-z][a-z0-9_-]*)(?=[:/\s]|$)", re.IGNORECASE)
_GIVEN = frozenset({"PORT", "HOME", "PATH", "HOSTNAME", "PWD"})


def add_advice(application: Application) -> None:
    """Tell which variables the commands read, and which name a host that only a compose file knows."""
    for what, command, evidence in _kept(application):
        text = " ".join(command)
        names = [name for match in _VARIABLE.finditer(text) if (name := match[1] or match[2]) not in _GIVEN]
        if names:
            listed = ", ".join(dict.fromkeys(names))
            application.advice.append(f"{what} reads {listed} ({evidence}): set it under environment of its container")
        for host in dict.fromkeys(match[1] for match in _ADDRESS.finditer(text)):
            if host.lower() != "localhost":
                application.advice.append(
                    f"{what} names the host {host} ({evidence}), which no cloud knows: let the program read its "
                    "address from a variable, and give it that under environment, such as {from: cache.url}"
                )


def _kept(application: Application) -> Iterator[tuple[str, Iterable[str], str]]:
    if application.command:
        yield "the command of web", application.command, application.evidence("command") or ""
    if application.migration:
        yield "the release command", application.migration, application.evidence("migration") or ""
    for item in application.workers:
        yield f"the command of {item.name}", item.command, item.evidence
