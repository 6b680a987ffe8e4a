"""Values of ARG that a spec can hold, of those that a compose file or a manifest of Copilot states."""

from __future__ import annotations

import re
from typing import Any

from cloudgen.spec.secrecy.assignments import is_secret_text
from cloudgen.spec.secrecy.masks import is_secret_key


def arguments(stated: Any) -> dict[str, str]:
    """Return the arguments of a build as a mapping: without those that look like secrets or come from elsewhere."""
    if isinstance(stated, dict):
        pairs = [(str(name), value) for name, value in stated.items()]
    else:
        listed = [str(item).partition("=") for item in stated] if isinstance(stated, list) else []
        pairs = [(name, value if equals else None) for name, equals, value in listed]
    return {
        name: str(value)
        for name, value in pairs
        if value is not None
        and not isinstance(value, dict | list)
        and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name)
        and not re.search(r"[$\n\t]", str(value))
        and not is_secret_key(name)
        and not is_secret_text(str(value))
    }
