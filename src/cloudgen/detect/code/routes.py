"""The paths that an application answers, each with every prefix: routers, blueprints, mounts, lists of routes."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from cloudgen.detect.code.constants import constant
from cloudgen.detect.code.frameworks import METHODS
from cloudgen.detect.code.guards import (
    answers_otherwise,
    asks_for_login,
    class_is_open,
    function_is_guarded,
    has_get,
    view,
)
from cloudgen.detect.code.modules import Code, Module, Symbol, keyword
from cloudgen.detect.code.route_lists import MAX_DEPTH, RouteLists
from cloudgen.detect.code.routers import Inclusion, Key, Route, answers_200, gets, joined

if TYPE_CHECKING:
    from collections.abc import Iterator

MARKER = re.compile(
    rb"\.(?:get|route|api_route|head|custom_route)\(|Litestar|Starlette|@(?:get|route|head)\(|APIRouter|Blueprint|include_router|register_blueprint|\.blueprint\("
    rb"|add_resource|add_namespace|add_url_rule|add_api_route|add_route|add_get|\bRoute\(|\bMount\(|\.mount\(|route_handlers|Controller|tornado"
)
_GETS = frozenset({"get", "route", "api_route", "head", "custom_route"})
_ADDS = {"add_url_rule": 0, "add_api_route": 0, "add_route": 0, "add_get": 0, "add_view": 0}
_INCLUDES = {
    "include_router": "prefix",
    "register_blueprint": "url_prefix",
    "blueprint": "url_prefix",
    "mount": "path",
    "register": "path",
    "register_api": "url_prefix",
    "add_router": "prefix",
    "add_subapp": "prefix",
    "add_namespace": "path",
}


class Routes(RouteLists):
    """Reads the routes of every module that declares some, and puts the prefixes before them."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        for file in code.containing(MARKER):
            module = code.module(file)
            if module is not None:
                self._read(module)

    def of(self, roots: set[Key], prefix: str = "") -> list[Route]:
        """Return the routes of an application, given the names that it goes by, and the path that it is mounted at."""
        found: list[Route] = []
        for key in sorted(roots):
            found += self._walk(key, prefix, True, frozenset(), MAX_DEPTH)
        return found

    def _walk(
        self, key: Key, prefix: str, is_open: bool, seen: frozenset[Key], depth: int, *, replaced: bool = False
    ) -> Iterator[Route]:
        router = self.routers.get(key)
        if router is None or key in seen or not depth or (router.prefix is None and not replaced):
            return
        prefix = prefix if replaced or router.prefix is None else joined(prefix, router.prefix)
        is_open = is_open and router.is_open
        for route in router.routes:
            yield Route(joined(prefix, route.path) or "/", route.evidence, is_open and route.is_open)
        for item in router.included:
            if item.prefix is not None:
                inner = joined(prefix, item.prefix)
                inner_open = is_open and item.is_open
                yield from self._walk(item.child, inner, inner_open, seen | {key}, depth - 1, replaced=item.replaces)

    def _read(self, module: Module) -> None:  # noqa: C901 - one branch a way to declare
        for name, nodes in [*module.definitions.items(), *module.inner.items()]:
            for node in nodes:
                if isinstance(node, ast.Call):
                    self._made((module.file, name), module, node)
                elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                    self._handler((module.file, name), module, node)
        for node in module.nodes:
            if isinstance(node, ast.ClassDef):
                self._resource(module, node)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self._decorated(module, node)
                for item in ast.walk(node):
                    if isinstance(item, ast.Return) and isinstance(item.value, ast.Call):
                        self._made((module.file, node.name), module, item.value)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                self._called(module, node, node.func)
            elif isinstance(node, ast.For):
                self._loop(module, node)

    def _made(self, key: Key, module: Module, call: ast.Call) -> None:
        """`X = APIRouter(prefix=…)`, `Blueprint(url_prefix=…)`, `Starlette(routes=[…])`, `Litestar([…])`."""
        router = self._router(key)
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        stated = keyword(call, "prefix", "url_prefix") or (
            keyword(call, "path") if name in ("Router", "Namespace") else None
        )
        if stated is not None and not (isinstance(stated, ast.Constant) and stated.value is None):
            router.prefix = constant(self._code, module, stated)
        if name == "Namespace" and stated is None and (named := constant(self._code, module, _first(call))):
            router.prefix = f"/{named}"  # of Flask-RESTX
        if name == "Api" and call.args and (parent := self._key(module, call.args[0])):
            self._router(parent).included.append(Inclusion(key))
        if name in METHODS and isinstance(call.func, ast.Attribute) and (maker := self._key(module, call.func.value)):
            router.included.append(Inclusion(maker))  # FastMCP declares routes before it makes an application
        if name == "Blueprint" and (version := keyword(call, "version")) is not None:  # of Sanic
            before = _version(version)
            router.prefix = None if before is None or router.prefix is None else joined(before, router.prefix)
        if name in ("APIRouter", "Router", "Blueprint", "FastAPI", "NinjaAPI", "NinjaExtraAPI"):
            router.is_open = router.is_open and not asks_for_login(
                [keyword(call, "dependencies"), keyword(call, "guards"), keyword(call, "auth")]
            )
        listed = keyword(call, "routes", "route_handlers", "handlers")
        if listed is None and name in ("Litestar", "Starlette", "Router", "Application", "group") and call.args:
            listed = ast.List([*call.args]) if name == "group" else call.args[0]
        if listed is not None:
            self._listed(key, module, listed, 0)

    def _decorated(self, module: Module, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for item in node.decorator_list:
            if not (isinstance(item, ast.Call) and isinstance(item.func, ast.Attribute) and item.func.attr in _GETS):
                if (
                    isinstance(item, ast.Attribute)
                    and item.attr == "before_request"
                    and function_is_guarded(node, skip=item)
                ) and (key := self._key(module, item.value)):
                    self._router(key).is_open = False
                continue
            key = self._key(module, item.func.value)
            path = constant(
                self._code, module, keyword(item, "path", "rule", "uri") or (item.args[0] if item.args else None)
            )
            version = keyword(item, "version")  # of Sanic
            if version is not None and path is not None:
                before = _version(version)
                path = None if before is None else joined(before, path)
            if key and path is not None and gets(item):
                is_open = not function_is_guarded(node) and not answers_otherwise(node) and answers_200(item)
                self._router(key).routes.append(Route(path, module.at(item), is_open))

    def _resource(self, module: Module, node: ast.ClassDef) -> None:
        """`@ns.route("/live") class Live(Resource)` of Flask-RESTX, `@blp.route("/")` of flask-smorest."""
        for item in node.decorator_list:
            if not (isinstance(item, ast.Call) and isinstance(item.func, ast.Attribute) and item.func.attr == "route"):
                continue
            path = constant(self._code, module, item.args[0]) if item.args else None
            key = self._key(module, item.func.value)
            if key and path is not None and has_get(node):
                others = [other for other in node.decorator_list if other is not item]
                self._router(key).routes.append(Route(path, module.at(item), class_is_open(node, others)))

    def _called(self, module: Module, call: ast.Call, func: ast.Attribute) -> None:
        if func.attr == "add_resource" and call.args and (key := self._key(module, func.value)):  # of Flask-RESTful
            found = view(self._code, module, call.args[0])
            node = found[1] if found and isinstance(found[1], ast.ClassDef) else None
            paths = [constant(self._code, module, item) for item in call.args[1:]]
            is_open = node is None or (has_get(node) and class_is_open(node, node.decorator_list))
            self._router(key).routes += [Route(path, module.at(call), is_open) for path in paths if path]
        elif func.attr == "init_app" and call.args:
            parent, child = self._key(module, call.args[0]), self._key(module, func.value)
            if parent and child:
                self._router(parent).included.append(Inclusion(child))
        elif func.attr in _ADDS:
            # Pyramid and aiohttp name the route, or the handler, beside the path.
            texts = [
                constant(self._code, module, item)
                for item in [
                    *call.args[:2],
                    *(item.value for item in call.keywords if item.arg in ("path", "pattern", "rule")),
                ]
            ]
            path = next((item for item in texts if item is not None and item.startswith("/")), None)
            key = self._key(module, func.value)
            if path is not None and key and gets(call):
                endpoint = keyword(call, "endpoint", "view_func") or (call.args[1] if len(call.args) > 1 else None)
                self._router(key).routes.append(Route(path, module.at(call), self._is_open(module, endpoint, call)))
        elif func.attr == "add_routes" and call.args and (key := self._key(module, func.value)):  # of aiohttp
            self._listed(key, module, call.args[0], 0)
        elif func.attr in _INCLUDES and call.args:
            self._include(module, call, func, call.args)

    def _include(self, module: Module, call: ast.Call, func: ast.Attribute, arguments: list[ast.expr]) -> None:
        parent = self._key(module, func.value)
        child_node = arguments[0]
        stated = keyword(call, _INCLUDES[func.attr], "prefix", "url_prefix")
        if func.attr in ("mount", "add_subapp", "add_router"):
            stated = keyword(call, "path", "prefix") or arguments[0]
            child_node = keyword(call, "app") or (arguments[1] if len(arguments) > 1 else arguments[0])
        child = self._key(module, child_node)
        if parent is None or child is None:
            return
        prefix = constant(self._code, module, stated) if stated is not None else ""
        is_open = not asks_for_login([keyword(call, "dependencies", "auth")])
        replacing = ("register_blueprint", "register_api", "blueprint", "add_namespace")
        replaces = func.attr in replacing and stated is not None
        self._router(parent).included.append(Inclusion(child, prefix, is_open, replaces))

    def _loop(self, module: Module, node: ast.For) -> None:
        """`for router in (a.router, b.router): app.include_router(router, prefix="/api")`."""
        listed: ast.expr = node.iter
        source = module
        if isinstance(listed, ast.Name | ast.Attribute) and isinstance(
            found := self._code.resolve(module, listed), Symbol
        ):
            values = found.module.definitions.get(found.name) or [listed]
            listed, source = (values[-1], found.module) if isinstance(values[-1], ast.expr) else (listed, module)
        if not isinstance(listed, ast.List | ast.Tuple) or not isinstance(node.target, ast.Name):
            return
        for call in (item for inner in node.body for item in ast.walk(inner) if isinstance(item, ast.Call)):
            is_included = isinstance(call.func, ast.Attribute) and call.func.attr in _INCLUDES and call.args
            if is_included and isinstance(call.args[0], ast.Name) and call.args[0].id == node.target.id:
                for item in listed.elts:
                    stated = keyword(call, "prefix", "url_prefix")
                    child, parent = self._key(source, item), self._key(module, call.func.value)  # type: ignore[attr-defined]
                    prefix = constant(self._code, module, stated) if stated is not None else ""
                    if child and parent:
                        self._router(parent).included.append(
                            Inclusion(child, prefix, not asks_for_login([keyword(call, "dependencies")]))
                        )


def _version(node: ast.expr) -> str | None:
    """Return what stands before a route that has a version."""
    value = node.value if isinstance(node, ast.Constant) else None
    return f"/v{value}" if isinstance(value, int | float | str) else None


def _first(call: ast.Call) -> ast.expr | None:
    return call.args[0] if call.args else None
