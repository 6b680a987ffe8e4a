"""The paths whose requests a web application firewall does not search for attacks, as a regular expression."""

from __future__ import annotations

from collections.abc import Sequence

from cloudgen.stack.base import Problems


def exempt_paths(paths: Sequence[str], longest: int, cloud: str, problems: Problems) -> str | None:
    """Return an expression that the paths and all below them match; None where there are none.

    Paths of the spec have letters, digits and . _ ~ / - only, and of these only the dot means something. `longest` is
    how many characters a cloud takes.
    """
    if not paths:
        return None
    expression = f"^({'|'.join(path.replace('.', '[.]') for path in sorted(set(paths)))})(/|$)"
    if len(expression) > longest:
        problems.error(
            "too-long",
            f"the paths make an expression of {len(expression)} characters, and {cloud} takes {longest}",
            ("load_balancer", "waf_exceptions"),
            "name a path above several of them",
        )
    return expression
