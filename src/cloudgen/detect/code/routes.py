"""The paths that an application answers, each with every prefix: routers, blueprints, mounts, lists of routes."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from cloudgen.detect.code.constants import constant
from cloudgen.detect.code.guards import asks_for_login, function_is_guarded, redirects, view
from cloudgen.detect.code.modules import Code, Module, Symbol, keyword
from cloudgen.detect.code.routers import THE_APP, Inclusion, Key, Route, Router, answers_200, gets, joined

if TYPE_CHECKING:
    from collections.abc import Iterator

MARKER = re.compile(
    rb"\.(?:get|route|api_route|head)\(|Litestar|Starlette|@(?:get|route|head)\(|APIRouter|Blueprint|include_router|register_blueprint|\.blueprint\("
    rb"|add_url_rule|add_api_route|add_route|add_get|\bRoute\(|\bMount\(|\.mount\(|route_handlers|Controller"
)
_MAX_DEPTH = 12
_GETS = frozenset({"get", "route", "api_route", "head"})
_ADDS = {"add_url_rule": 0, "add_api_route": 0, "add_route": 0, "add_get": 0, "add_view": 0}
_INCLUDES = {
    "include_router": "prefix",
    "register_blueprint": "url_prefix",
    "blueprint": "url_prefix",
    "mount": "path",
    "register": "path",
    "register_api": "url_prefix",
}
_APP_NAMES = frozenset({"app", "application", "server", "api", "flask_app", "fastapi_app", "_app", "web_app", "config"})


class Routes:
    """Reads the routes of every module that declares some, and puts the prefixes before them."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self.routers: dict[Key, Router] = {}
        for file in code.containing(MARKER):
            module = code.module(file)
            if module is not None:
                self._read(module)

    def of(self, roots: set[Key]) -> list[Route]:
        """Return the routes of an application, given the names that it goes by."""
        found: list[Route] = []
        for key in sorted(roots | {THE_APP}):
            found += self._walk(key, "", True, frozenset(), _MAX_DEPTH)
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

    def _router(self, key: Key) -> Router:
        return self.routers.setdefault(key, Router())

    def _key(self, module: Module, node: ast.expr) -> Key | None:
        found = self._code.resolve(module, node) if isinstance(node, ast.Name | ast.Attribute) else None
        if isinstance(found, Symbol):
            rest = (
                [item for item in found.rest if item not in ("router", "urls")]
                if found.rest == ("router",)
                else found.rest
            )
            return found.module.file, ".".join([found.name, *rest])
        if isinstance(found, str):
            words = found.split(".")
            if words[0] in _APP_NAMES and words[0] not in module.imports:
                return THE_APP
            if words[0] == "self" and len(words) > 1 and words[1] in _APP_NAMES:
                return THE_APP
        return None

    def _read(self, module: Module) -> None:  # noqa: C901 - one branch a way to declare
        for name, nodes in [*module.definitions.items(), *module.inner.items()]:
            for node in nodes:
                if isinstance(node, ast.Call):
                    self._made((module.file, name), module, node)
                elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                    self._handler((module.file, name), module, node)
        for node in module.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
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
        stated = keyword(call, "prefix", "url_prefix") or (keyword(call, "path") if name == "Router" else None)
        if stated is not None and not (isinstance(stated, ast.Constant) and stated.value is None):
            router.prefix = constant(self._code, module, stated)
        if name in ("APIRouter", "Router", "Blueprint", "FastAPI"):
            router.is_open = router.is_open and not asks_for_login(
                [keyword(call, "dependencies"), keyword(call, "guards")]
            )
        listed = keyword(call, "routes", "route_handlers")
        if listed is None and name in ("Litestar", "Starlette", "Router") and call.args:
            listed = call.args[0]
        if listed is not None:
            self._listed(key, module, listed, 0)

    def _listed(self, key: Key, module: Module, node: ast.expr, depth: int) -> None:
        """Read a list of routes, mounts, handlers and routers."""
        if depth > _MAX_DEPTH:
            return
        if isinstance(node, ast.List | ast.Tuple):
            for item in node.elts:
                self._listed(key, module, item.value if isinstance(item, ast.Starred) else item, depth + 1)
        elif isinstance(node, ast.BinOp):
            self._listed(key, module, node.left, depth + 1)
            self._listed(key, module, node.right, depth + 1)
        elif isinstance(node, ast.Name | ast.Attribute):
            found = self._code.resolve(module, node)
            if isinstance(found, Symbol):
                values = found.module.definitions.get(found.name) or found.module.inner.get(found.name) or []
                if values and isinstance(values[-1], ast.List | ast.Tuple | ast.BinOp):
                    self._listed(key, found.module, values[-1], depth + 1)
                else:
                    self._ensure(found.module)
                    self._router(key).included.append(Inclusion((found.module.file, found.name)))
        elif isinstance(node, ast.Call):
            self._entry(key, module, node)

    def _ensure(self, module: Module) -> None:
        """A handler's module need not hold any of the marker's bytes; what it defines is read by its name."""
        for name, nodes in module.definitions.items():
            if (module.file, name) not in self.routers and isinstance(
                nodes[-1], ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
            ):
                self._handler((module.file, name), module, nodes[-1])

    def _entry(self, key: Key, module: Module, call: ast.Call) -> None:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        path = constant(self._code, module, keyword(call, "path") or (call.args[0] if call.args else None))
        if name in ("Route", "get") and path is not None:
            endpoint = keyword(call, "endpoint") or (call.args[1] if len(call.args) > 1 else None)
            self._router(key).routes.append(Route(path, module.at(call), self._is_open(module, endpoint, call)))
        elif name in ("Mount", "Host", "Router"):
            child: Key = (module.file, f"{name}@{call.lineno}:{call.col_offset}")
            self._router(key).included.append(Inclusion(child, path if name != "Host" else ""))
            mounted = keyword(call, "app") or (call.args[1] if len(call.args) > 1 else None)
            listed = keyword(call, "routes", "route_handlers")
            if listed is not None:
                self._listed(child, module, listed, 0)
            elif mounted is not None and (other := self._key(module, mounted)):
                self._router(child).included.append(Inclusion(other))

    def _handler(self, key: Key, module: Module, node: ast.AST) -> None:
        """Litestar's `@get("/x")` functions and Controllers, which a list or a router names."""
        if isinstance(node, ast.ClassDef):
            router = self._router(key)
            for item in node.body:
                targets = (
                    item.targets
                    if isinstance(item, ast.Assign)
                    else [item.target]
                    if isinstance(item, ast.AnnAssign)
                    else []
                )
                names = {target.id for target in targets if isinstance(target, ast.Name)}
                if "path" in names:
                    router.prefix = constant(self._code, module, getattr(item, "value", None))
                if "guards" in names:
                    router.is_open = False
                if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef):
                    self._bare(router, module, item)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            self._bare(self._router(key), module, node)

    def _bare(self, router: Router, module: Module, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for item in node.decorator_list:
            call = item if isinstance(item, ast.Call) else None
            name = call.func.id if call and isinstance(call.func, ast.Name) else ""
            if call is None or name not in ("get", "route", "head"):
                continue
            given = keyword(call, "path") or (call.args[0] if call.args else None)
            path = constant(self._code, module, given) if given is not None else ""
            if path is not None and gets(call):
                router.routes.append(
                    Route(
                        path,
                        module.at(item),
                        not function_is_guarded(node, skip=item) and not asks_for_login([keyword(call, "guards")]),
                    )
                )
                if name == "route" and self._code.resolve(module, ast.Name("route")) == "bottle.route":
                    self._router(THE_APP).routes.append(router.routes[-1])

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
            if key and path is not None and gets(item):
                is_open = not function_is_guarded(node) and not redirects(node) and answers_200(item)
                self._router(key).routes.append(Route(path, module.at(item), is_open))

    def _called(self, module: Module, call: ast.Call, func: ast.Attribute) -> None:
        if func.attr in _ADDS:
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
        elif func.attr in _INCLUDES and call.args:
            self._include(module, call, func, call.args)

    def _include(self, module: Module, call: ast.Call, func: ast.Attribute, arguments: list[ast.expr]) -> None:
        parent = self._key(module, func.value)
        child_node = arguments[0]
        stated = keyword(call, _INCLUDES[func.attr], "prefix", "url_prefix")
        if func.attr == "mount":
            stated = keyword(call, "path") or arguments[0]
            child_node = keyword(call, "app") or (arguments[1] if len(arguments) > 1 else arguments[0])
        child = self._key(module, child_node)
        if parent is None or child is None:
            return
        prefix = constant(self._code, module, stated) if stated is not None else ""
        is_open = not asks_for_login([keyword(call, "dependencies")])
        replaces = func.attr in ("register_blueprint", "register_api", "blueprint") and stated is not None
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

    def _is_open(self, module: Module, endpoint: ast.expr | None, call: ast.Call) -> bool:
        found = view(self._code, module, endpoint) if endpoint is not None else None
        if asks_for_login([keyword(call, "dependencies", "permission", "guards"), endpoint]):
            return False
        return found is None or not (function_is_guarded(found[1]) or redirects(found[1]))
