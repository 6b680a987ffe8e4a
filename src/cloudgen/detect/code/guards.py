"""Whether a route lets everybody in, and answers by itself: a health check has no login and follows no redirect."""

from __future__ import annotations

import ast
import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from cloudgen.detect.code.modules import Code, Module, Symbol

if TYPE_CHECKING:
    from collections.abc import Iterable

_LOGIN = re.compile(
    r"login|log_in|auth(?!or)|permission|signed|current_?user|currentuser|token|admin|secur|verif|require(?!_safe|_get|_http)"
    r"|api_?key|credential|superuser|staff|jwt|session_user|active_user|protected|mixin_user|roles?_",
    re.IGNORECASE,
)
_SAFE = re.compile(
    r"login_not_required|login_exempt|require_safe|require_GET|require_http_methods|allow_any|noauth|no_auth|public"
)
_REDIRECTS = re.compile(r"redirect", re.IGNORECASE)
_WITHOUT_CONTENT = frozenset({"empty", "HTTPNoContent", "HttpResponseNoContent"})
"""What answers 204 by its name: of Sanic, of aiohttp and Pyramid."""
_OTHER_STATUSES = frozenset(item.name for item in HTTPStatus if item is not HTTPStatus.OK)


def names_of(node: ast.AST) -> set[str]:
    """Return every name and attribute of an expression."""
    return {
        item.id if isinstance(item, ast.Name) else item.attr
        for item in ast.walk(node)
        if isinstance(item, ast.Name | ast.Attribute)
    }


def asks_for_login(nodes: Iterable[ast.AST | None]) -> bool:
    """Whether decorators, dependencies or bases are named like a login."""
    names = {name for node in nodes if node is not None for name in names_of(node)}
    if "AllowAny" in names:  # @permission_classes([AllowAny]) of Django REST framework
        names -= {"permission_classes", "authentication_classes"}
    return any(_LOGIN.search(name) and not _SAFE.search(name) for name in names)


def function_is_guarded(node: ast.AST | None, *, skip: ast.AST | None = None) -> bool:
    """Whether a view function asks for a login: by a decorator, or by a parameter that FastAPI fills in."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    decorators = []
    for item in node.decorator_list:
        if item is skip:
            continue
        is_route = (
            isinstance(item, ast.Call) and isinstance(item.func, ast.Attribute) and item.func.attr in ROUTE_METHODS
        )
        decorators.append(item.func if is_route and isinstance(item, ast.Call) else item)
        if isinstance(item, ast.Call):
            decorators += [
                argument.value
                for argument in item.keywords
                if argument.arg in ("dependencies", "guards", "permissions", "auth")
            ]
    arguments = node.args
    defaults = [item for item in [*arguments.defaults, *arguments.kw_defaults] if item is not None]
    defaults = [item for item in defaults if names_of(item) & {"Depends", "Security"}]
    annotations = [item.annotation for item in [*arguments.args, *arguments.kwonlyargs] if item.annotation is not None]
    login_types = [
        item
        for item in annotations
        if names_of(item) & {"Depends", "Security"} or re.search(r"[Cc]urrent|[Aa]uth", "".join(names_of(item)))
    ]
    return asks_for_login([*decorators, *defaults, *login_types])


def has_get(node: ast.ClassDef) -> bool:
    """Whether a class answers GET by a method of its own."""
    return any(isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) and item.name == "get" for item in node.body)


def class_is_open(node: ast.ClassDef, decorators: Iterable[ast.AST]) -> bool:
    """Whether a class of views, of Flask, asks for no login and its `get` answers 200."""
    stated = [item.value for item in node.body if isinstance(item, ast.Assign)]
    return not asks_for_login([*node.bases, *decorators, *stated]) and not get_answers_otherwise(node)


def get_answers_otherwise(node: ast.ClassDef) -> bool:
    """Whether the `get` of a class asks for a login, or answers anything but 200."""
    functions = (item for item in node.body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef))
    return any(item.name == "get" and (answers_otherwise(item) or function_is_guarded(item)) for item in functions)


ROUTE_METHODS = frozenset(
    {"get", "route", "api_route", "head", "websocket", "websocket_route", "post", "put", "delete", "patch"}
)


def answers_otherwise(node: ast.AST | None) -> bool:
    """Whether a view answers with a redirect, or a class or name of one, or with statuses of which none is 200."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        returned = [item.value for item in ast.walk(node) if isinstance(item, ast.Return) and item.value is not None]
        return (
            any(_REDIRECTS.search(name) for item in returned for name in names_of(item))
            or (bool(node.body) and not returned and isinstance(node.body[-1], ast.Raise))
            or (bool(returned) and all(_is_other_status(item) for item in returned))
        )
    if isinstance(node, ast.Lambda) and _is_other_status(node.body):
        return True
    return node is not None and any(_REDIRECTS.search(name) for name in names_of(node))


def _is_other_status(returned: ast.expr) -> bool:
    """Whether `"", 204`, `Response(status_code=204)`, `HttpResponse(status=204)` or `empty()` is returned."""
    if isinstance(returned, ast.Await):
        return _is_other_status(returned.value)
    if isinstance(returned, ast.Tuple) and len(returned.elts) > 1:
        return is_other_status(returned.elts[1])
    if isinstance(returned, ast.Call):
        name = returned.func.attr if isinstance(returned.func, ast.Attribute) else getattr(returned.func, "id", "")
        stated = next((item.value for item in returned.keywords if item.arg in ("status", "status_code")), None)
        return is_other_status(stated) if stated is not None else name in _WITHOUT_CONTENT
    return False


def is_other_status(stated: ast.expr) -> bool:
    """Whether a status that is written down is not 200: a number, or a name such as HTTP_204_NO_CONTENT."""
    if isinstance(stated, ast.Constant):
        return isinstance(stated.value, int) and stated.value != 200
    name = stated.attr if isinstance(stated, ast.Attribute) else getattr(stated, "id", "")
    number = re.search(r"(?:^|_)([1-5]\d\d)(?:_|$)", name)
    return number[1] != "200" if number else name in _OTHER_STATUSES


def view(code: Code, module: Module, node: ast.expr) -> tuple[Module, ast.AST] | None:
    """Return the function or class that a route names; None where it belongs to a library."""
    if isinstance(node, ast.Lambda):
        return module, node
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("as_view", "as_asgi"):
            return view(code, module, node.func.value)
        return view(code, module, node.args[0]) if node.args and not isinstance(node.args[0], ast.Constant) else None
    found = code.resolve(module, node) if isinstance(node, ast.Name | ast.Attribute) else None
    if isinstance(found, Symbol) and not found.rest:
        values = found.module.definitions.get(found.name) or found.module.inner.get(found.name) or []
        if values and isinstance(values[-1], ast.Call):
            return view(code, found.module, values[-1])
        if values:
            return found.module, values[-1]
    return None
