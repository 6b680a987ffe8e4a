"""Routes that are listed: `routes=[Route(…), Mount(…)]`, Litestar's handlers and controllers, Tornado's pairs."""

from __future__ import annotations

import ast

from cloudgen.detect.code.constants import constant
from cloudgen.detect.code.guards import answers_otherwise, asks_for_login, function_is_guarded, view
from cloudgen.detect.code.modules import Code, Module, Symbol, keyword
from cloudgen.detect.code.routers import THE_APP, Inclusion, Key, Route, Router, gets

MAX_DEPTH = 12
_APP_NAMES = frozenset({"app", "application", "server", "api", "flask_app", "fastapi_app", "_app", "web_app", "config"})


_OF_THE_DEFAULT = frozenset({"bottle.route", "bottle.get", "blacksheep.get", "blacksheep.head"})
"""Decorators that add a route to the one application that there is."""


class RouteLists:
    """What is declared by being in a list. `routers` has what is known of each router, by its file and name."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self.routers: dict[Key, Router] = {}

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

    def _listed(self, key: Key, module: Module, node: ast.expr, depth: int) -> None:
        """Read a list of routes, mounts, handlers and routers."""
        if depth > MAX_DEPTH:
            return
        if isinstance(node, ast.List | ast.Tuple):
            if isinstance(node, ast.Tuple) and len(node.elts) > 1 and self._pair(key, module, node, node.elts):
                return
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

    def _pair(self, key: Key, module: Module, node: ast.expr, words: list[ast.expr]) -> bool:
        """Tornado's `(r"/healthz", Health)`: whether it was one."""
        path = constant(self._code, module, words[0])
        if path is None or not path.startswith(("/", "^/")):
            return False
        plain = path.removeprefix("^").removesuffix("$").removesuffix("/?") or "/"
        self._router(key).routes.append(Route(plain, module.at(node), self._is_open(module, words[1], None)))
        return True

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
        if name in ("url", "URLSpec") and len(call.args) > 1:
            self._pair(key, module, call, call.args)
        elif name in ("Route", "get") and path is not None:
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
                if self._code.resolve(module, ast.Name(name)) in _OF_THE_DEFAULT:
                    self._router(THE_APP).routes.append(router.routes[-1])

    def _is_open(self, module: Module, endpoint: ast.expr | None, call: ast.Call | None) -> bool:
        found = view(self._code, module, endpoint) if endpoint is not None else None
        if asks_for_login([call and keyword(call, "dependencies", "permission", "guards"), endpoint]):
            return False
        return found is None or not (function_is_guarded(found[1]) or answers_otherwise(found[1]))
