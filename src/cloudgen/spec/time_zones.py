"""Which time zones there are: the names that `zoneinfo.available_timezones` gives, asked for one at a time.

That function opens each of 600 files. Here a name that is right opens one, and only a wrong one looks at all.
"""

from __future__ import annotations

import os
import zoneinfo
from functools import cache
from pathlib import Path

_NOT_OFFERED = frozenset({"posix", "right", "posixrules"})
"""What lies beside the zones: variants with other seconds, and a copy."""
_MAGIC = b"TZif"
"""How a file of a time zone begins, RFC 8536."""


@cache
def is_time_zone(name: str) -> bool:
    """Whether a name is one of an IANA time zone. Upper and lower case count, whatever the file system thinks."""
    return any(_holds(Path(root), name) for root in zoneinfo.TZPATH) or name in _all()


def _holds(root: Path, name: str) -> bool:
    parts = name.split("/")
    if parts[0] in _NOT_OFFERED:
        return False
    try:
        for part in parts:
            if part not in os.listdir(root):  # noqa: PTH208  # names are enough
                return False
            root /= part
        with root.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


@cache
def _all() -> set[str]:
    return zoneinfo.available_timezones()
