"""Variables of a compose file that say where a store is: in a spec they ask the store, which has another address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cloudgen.start.imports import as_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cloudgen.start.imports import Imported

Stores = dict[str, tuple[str, str]]
"""Name of a service -> kind of storage, engine."""

_SIBLINGS = {
    "port": ("PORT",),
    "user": ("USER", "USERNAME"),
    "password": ("PASSWORD", "PASS"),
    "name": ("NAME", "DB", "DATABASE", "DBNAME"),
}
"""Part of a database -> last words of the variable that has it, beside one that ends with HOST."""
_PARTS = {"databases": ("port", "user", "password", "name"), "caches": ("port",)}
_OF_IMAGES = {
    "POSTGRES_USER": "user",
    "POSTGRES_PASSWORD": "password",
    "POSTGRES_DB": "name",
    "MYSQL_USER": "user",
    "MYSQL_PASSWORD": "password",
    "MYSQL_DATABASE": "name",
}
"""Variables by which the images of databases are told the same, and which applications often share."""
_HOST = re.compile(r"(?P<prefix>(?:\w*_|\w*?))(?:HOST|HOSTNAME|SERVER|ADDR|ADDRESS)", re.IGNORECASE)
_URL = re.compile(r"[a-z][a-z0-9+.-]*://(?:[^\s/@]*@)?(?P<host>[\w.-]+)(?::\d+)?(?:/(?P<path>[^?#\s]*))?\S*")


def take(
    imported: Imported, service: str, stated: Mapping[str, str], stores: Stores
) -> tuple[dict[str, Any], list[str]]:
    """Return the variables that ask a store, and the names of those that are dealt with.

    The URL of a database has its password, which an image of one's own cannot put in: it stays a secret.
    """
    found: dict[str, Any] = {}
    dropped: list[str] = []
    for variable, value in stated.items():
        if value in stores and stores[value][0] in _PARTS and (match := _HOST.fullmatch(variable)):
            found[variable] = {"from": f"{as_name(value)}.host"}
            found.update(_beside(match["prefix"], value, stated, stores[value][0]))
        elif (url := _URL.fullmatch(value)) and url["host"] in stores:
            kind, name = stores[url["host"]][0], as_name(url["host"])
            if kind == "caches":
                number = url["path"] or "0"
                database = {"query": {"db": number}} if number.isdigit() and number != "0" else {}
                found[variable] = {"from": f"{name}.url", **database}
            elif kind == "buckets":
                dropped.append(variable)
                imported.unused.append(
                    f"services.{service}: {variable} is the address of {url['host']}: on a cloud the client library "
                    "finds the store by itself"
                )
    databases = [name for name, (kind, _) in stores.items() if kind == "databases"]
    if len(databases) == 1:
        for variable, part in _OF_IMAGES.items():
            if variable in stated:
                found.setdefault(variable, {"from": f"{as_name(databases[0])}.{part}"})
    return found, dropped


def names_neighbours(value: str, services: set[str]) -> list[str]:
    """Return the services of the compose file that a value names as a host, such as `broker:9092`."""
    return [name for name in sorted(services) if re.search(rf"(?:^|[/@,\s]){re.escape(name)}(?::\d+|/|$)", value)]


def _beside(prefix: str, service: str, stated: Mapping[str, str], kind: str) -> dict[str, Any]:
    found = {}
    for part in _PARTS[kind]:
        for last in _SIBLINGS[part]:
            if (variable := f"{prefix}{last}") in stated:
                found[variable] = {"from": f"{as_name(service)}.{part}"}
    return found
