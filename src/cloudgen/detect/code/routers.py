"""What is declared on one router, blueprint or application: paths, and other routers within it."""

from __future__ import annotations

import ast
import re

from cloudgen.dataclass import dataclass, field
from cloudgen.detect.code.guards import is_other_status
from cloudgen.detect.code.modules import keyword

Key = tuple[str, str]
"""A router: the file of its module and the name that it has there."""
THE_APP: Key = ("*", "app")
"""An application that a function gets as a parameter: `def init_routes(app)`."""


@dataclass(frozen=True)
class Route:
    """A path with the place that declares it. `is_open`: no login, and no redirect."""

    path: str
    evidence: str
    is_open: bool = True


@dataclass(frozen=True)
class Inclusion:
    """A router within another one; `prefix` None is one that cannot be known. `replaces` the router's own prefix."""

    child: Key
    prefix: str | None = ""
    is_open: bool = True
    replaces: bool = False


@dataclass
class Router:
    """What is declared on one object."""

    routes: list[Route] = field(default_factory=list)
    included: list[Inclusion] = field(default_factory=list)
    prefix: str | None = ""
    is_open: bool = True


def answers_200(call: ast.Call) -> bool:
    """Whether a route answers 200, as far as it says: a check of a load balancer takes no other status."""
    stated = keyword(call, "status_code")
    return stated is None or not is_other_status(stated)


def gets(call: ast.Call) -> bool:
    """Whether a route answers GET, as far as it says its methods."""
    methods = keyword(call, "methods", "method", "http_method")
    if isinstance(methods, ast.List | ast.Tuple | ast.Set):
        listed = {str(item.value).upper() for item in methods.elts if isinstance(item, ast.Constant)}
        return not listed or "GET" in listed
    return not isinstance(methods, ast.Constant) or str(methods.value).upper() == "GET"


def joined(prefix: str, path: str) -> str:
    """Put a path behind a prefix, with one slash between."""
    if not path:
        return prefix
    return re.sub(
        r"/{2,}",
        "/",
        f"{prefix.rstrip('/')}/{path.lstrip('/')}" if prefix else (path if path.startswith("/") else f"/{path}"),
    )
