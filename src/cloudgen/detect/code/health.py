"""The path of a health check: a route that is called like one, needs no login and is reached with all its prefixes."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from cloudgen.detect.code.constants import constant
from cloudgen.detect.code.frameworks import FRAMEWORKS
from cloudgen.detect.code.modules import Code, Module, keyword
from cloudgen.detect.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cloudgen.detect.code.routers import Route

_PREFERRED = (
    r"healthz|livez|healthz?/live(ness)?|health[-_]?check(er)?|health[-_]?z?|_health|livez?|live(ness)?(probe)?|__heartbeat__|__lbheartbeat__|healthy",
    r"readyz|readiness|healthz?/ready",
    r"alive([-_]check)?|is[-_]?alive|heartbeat|ht|ping|up|ready|health[-_]?status|-/alive|service[-_]health|liveness[-_]check",
    r"status|_status|about|monitor(ing)?",
)
WORDS = re.compile(r"/(?:[\w./-]*/)?(?:" + "|".join(_PREFERRED[:3]) + r"|status)/?")
"""Paths that look like those of health checks."""


def choose(routes: Iterable[Route]) -> Fact[str] | None:
    """Return the route that is most like a health check, the best name and then the shortest path first."""
    found: list[tuple[int, int, str, Route]] = []
    for route in routes:
        last = route.path.rstrip("/")
        if not route.is_open or re.search(r"[{<:*(\\]", route.path):
            continue
        for rank, words in enumerate(_PREFERRED):
            if re.search(rf"/(?:{words})$", last) and not (rank == 3 and "about" in last and "/api" not in last):
                found.append((rank, len(route.path), route.path, route))
                break
    best = min(found, key=lambda item: item[:3], default=None)
    return Fact(best[3].path, best[3].evidence) if best else None


def home(routes: Iterable[Route]) -> Fact[str] | None:
    """Return `/` where it is answered without a login and without a redirect."""
    return next((Fact("/", route.evidence) for route in routes if route.path in ("/", "") and route.is_open), None)


def of_framework(code: Code, module: Module | None, line: int) -> Fact[str] | None:
    """Return the path that a framework answers by itself: the description of a FastAPI or Litestar application."""
    for call in module.calls if module else []:
        called = code.resolve(module, call.func) if module and call.lineno == line else None
        if not isinstance(called, str) or called not in FRAMEWORKS or module is None:
            continue
        if called.startswith("fastapi"):
            stated = keyword(call, "openapi_url")
            if stated is None and any(item.arg is None for item in call.keywords):
                return None  # FastAPI(**settings): what is in there is not known
            path = "/openapi.json" if stated is None else constant(code, module, stated)
            return Fact(path, module.at(call)) if path else None
        if called.startswith("litestar"):
            config = keyword(call, "openapi_config")
            return Fact("/schema/openapi.json", module.at(call)) if config is None else None
    return None


def of_dash(code: Code) -> Fact[str] | None:
    """Dash shows its page at `/`, unless it is told another prefix or asks for a login.

    https://dash.plotly.com/reference#dash.dash
    """
    for file in code.containing(re.compile(rb"\bDash\(")):
        module = code.module(file)
        for call in module.calls if module else []:
            called = code.resolve(module, call.func) if module else None
            if called not in ("dash.Dash", "dash.dash.Dash") or module is None:
                continue
            moved = keyword(call, "url_base_pathname", "routes_pathname_prefix", "server")
            if moved is None and not any(name.startswith("dash_auth") for name in module.imported):
                return Fact("/", module.at(call))
    return None


def of_wrapper(code: Code, module: Module | None) -> Fact[str] | None:
    """Find `application = health_check(application, "/health/")` and middleware that is told its path."""
    for call in module.calls if module else []:
        names = {
            item.id if isinstance(item, ast.Name) else item.attr
            for item in ast.walk(call)
            if isinstance(item, ast.Name | ast.Attribute)
        }
        if module is None or not any(
            re.search(r"health|liveness|probe|heartbeat", name, re.IGNORECASE) for name in names
        ):
            continue
        for argument in [*call.args, *(item.value for item in call.keywords)]:
            path = constant(code, module, argument)
            if path and WORDS.fullmatch(path):
                return Fact(path, module.at(call))
    return None


def of_dockerflow(code: Code) -> Fact[str] | None:
    """Dockerflow adds /__lbheartbeat__, which asks nothing else."""
    for file in code.containing(re.compile(rb"dockerflow")):
        module = code.module(file)
        for node in module.nodes if module else []:
            if isinstance(node, ast.ImportFrom) and module and (node.module or "").startswith("dockerflow."):
                return Fact("/__lbheartbeat__", module.at(node))
    return None
