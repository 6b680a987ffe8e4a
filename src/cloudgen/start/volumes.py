"""Volumes of a compose file: those with a name become folders of a container that are kept.

https://docs.docker.com/reference/compose-file/services/#volumes
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from cloudgen.spec.writable import KEEP, WritableFolder

if TYPE_CHECKING:
    from cloudgen.detect.stated.compose import Service

_NAMED = re.compile(r"([A-Za-z0-9][A-Za-z0-9_.-]*):(/[^:]*)(?::rw)?")
"""A volume and where it is mounted; a folder of the machine begins with a dot, a tilde or a slash."""
_FOLDER: TypeAdapter[object] = TypeAdapter(WritableFolder)


def stated(service: Service) -> tuple[Any, ...]:
    """Return what a service mounts, as it is written."""
    found = service.data.get("volumes")
    return tuple(found) if isinstance(found, list) else ()


def shared(services: Iterable[Service]) -> frozenset[str]:
    """Return the volumes that several services mount: a kept folder belongs to one container."""
    users = Counter(name for service in services for name in {_named(each)[0] for each in stated(service)} if name)
    return frozenset(name for name, number in users.items() if number > 1)


def kept(mounted: Any, shared_by_several: frozenset[str]) -> str | None:
    """Return a mount as an entry of `writable`, `/srv/media:keep`; None where a spec has no place for it."""
    name, path = _named(mounted)
    if not name or name in shared_by_several:
        return None
    folder = f"{path.rstrip('/')}:{KEEP}"
    try:
        _FOLDER.validate_python(folder)
    except ValidationError:
        return None
    return folder


def _named(mounted: Any) -> tuple[str, str]:
    """The name of a volume and where it is mounted; empty for whatever else is mounted, or only read."""
    if isinstance(mounted, Mapping):
        known = set(mounted) <= {"type", "source", "target", "read_only"}
        if mounted.get("type") != "volume" or not known or str(mounted.get("read_only", "false")) != "false":
            return "", ""
        return str(mounted.get("source") or ""), str(mounted.get("target") or "")
    match = _NAMED.fullmatch(str(mounted))
    return (match[1], match[2]) if match else ("", "")
