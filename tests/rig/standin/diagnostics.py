"""What Terraform shows of a violated rule: an error or a warning at an attribute, as the protocol's messages."""

from __future__ import annotations

from collections.abc import Iterable

from rig.standin.messages import MESSAGE, Message
from rig.standin.violation import Violation


def attribute_path(path: Iterable[str | int]) -> Message:
    """Translate a path; a list position arrives as a number, a name or a map's key as text."""
    step = MESSAGE["Step"]
    return MESSAGE["AttributePath"](
        steps=[step(element_key_int=key) if isinstance(key, int) else step(attribute_name=key) for key in path]
    )


def diagnostic(violation: Violation, severity: int = 1) -> Message:
    """Translate a violated rule to the error (or, with severity 2, the warning) that Terraform shows."""
    where = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in violation.path).lstrip(".")
    detail = f"{where}: {violation.message}" if where else violation.message
    return MESSAGE["Diagnostic"](
        severity=severity, summary=violation.summary, detail=detail, attribute=attribute_path(violation.path)
    )
