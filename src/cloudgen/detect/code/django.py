"""Django: its settings, and the paths of its URL configuration."""

from __future__ import annotations

import ast
import posixpath
import re
from functools import cached_property
from typing import TYPE_CHECKING

from cloudgen.detect.code.constants import constant
from cloudgen.detect.code.django_views import asks_for_login_everywhere, is_open
from cloudgen.detect.code.modules import Code, Module, Symbol, keyword, text
from cloudgen.detect.code.routers import Route
from cloudgen.detect.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudgen.detect.code.routers import Key

_MAX_DEPTH = 10
_SETTING = re.compile(
    rb"^(?:ROOT_URLCONF|ASGI_APPLICATION|STATIC_ROOT|WSGI_APPLICATION|INSTALLED_APPS|MIDDLEWARE)\b", re.MULTILINE
)
_DEVELOPMENT = re.compile(r"dev|test|local|debug|ci\b")
_LIBRARIES = {
    "health_check.urls": "",
    "django_healthchecks.urls": "",
    "watchman.urls": "",
    "django_alive.urls": "-/alive/",
    "alive.urls": "-/alive/",
}
"""URL configurations of libraries that are health checks; the path within them that answers 200."""


class Django:
    """What is known of a Django project. `manage` is the place of manage.py."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self.mounted: list[tuple[str, Key]] = []
        """Prefixes of what has routes of its own, a NinjaAPI, as `routes` met them."""

    @cached_property
    def manage(self) -> str | None:
        """The file manage.py, the shallowest one."""
        return next(iter(self._code.tree.named("manage.py")), None)

    @cached_property
    def settings(self) -> list[Module]:
        """The settings modules, those of production first."""
        files = [
            file
            for file in self._code.containing(_SETTING)
            if "setting" in file or "conf" in file or file.endswith("base.py")
        ]
        modules = [module for file in files if (module := self._code.module(file))]
        return sorted(modules, key=lambda module: bool(_DEVELOPMENT.search(posixpath.basename(module.file))))

    def setting(self, name: str) -> tuple[Module, ast.AST] | None:
        """Return the value of a setting and the module that sets it."""
        for module in self.settings:
            if values := module.definitions.get(name):
                return module, values[-1]
        return None

    def text_setting(self, name: str) -> Fact[str] | None:
        """Return a setting that is a text."""
        found = self.setting(name)
        value = constant(self._code, *found) if found else None
        return Fact(value, found[0].at(found[1])) if found and value is not None else None

    def mentions(self, word: str) -> str | None:
        """Return the place where the settings mention a word, in a list or in what is added to one."""
        for module in self.settings:
            for node in module.nodes:
                value = text(node)
                if value is not None and word in value:
                    return module.at(node)
        return None

    @property
    def settings_module(self) -> Fact[str] | None:
        """DJANGO_SETTINGS_MODULE, as wsgi.py, asgi.py or manage.py set it."""
        files = [*self._code.tree.named("wsgi.py", "asgi.py"), *([self.manage] if self.manage else [])]
        for file in files:
            module = self._code.module(file) if file.endswith(".py") else None
            for call in module.calls if module else []:
                if (
                    len(call.args) == 2
                    and text(call.args[0]) == "DJANGO_SETTINGS_MODULE"
                    and (value := text(call.args[1]))
                ):
                    return Fact(value, f"{file}:{call.lineno}")
        return None

    def routes(self) -> list[Route]:
        """Return the paths of the root URL configuration."""
        root = self._root_urls()
        if root is None:
            return []
        guarded = self.mentions("LoginRequiredMiddleware") is not None
        self.mounted.clear()
        found = [*self._patterns(root, "/", _MAX_DEPTH)]
        return [Route(route.path, route.evidence, route.is_open and not guarded) for route in found]

    @cached_property
    def _asks_everywhere(self) -> bool:
        """Whether Django REST framework asks for a login where a view says nothing."""
        found = self.setting("REST_FRAMEWORK")
        return asks_for_login_everywhere(found[1] if found else None)

    def _root_urls(self) -> Module | None:
        stated = self.text_setting("ROOT_URLCONF")
        if stated:
            found = self.setting("ROOT_URLCONF")
            if module := self._code.find(stated.value, found[0].file if found else ""):
                return module
        files = self._code.tree.named("urls.py")
        return self._code.module(files[0]) if files else None

    def _patterns(self, module: Module, prefix: str, depth: int) -> Iterator[Route]:
        for node in module.nodes:
            targets = (
                node.targets
                if isinstance(node, ast.Assign)
                else [node.target]
                if isinstance(node, ast.AugAssign | ast.AnnAssign)
                else []
            )
            if any(isinstance(target, ast.Name) and target.id == "urlpatterns" for target in targets):
                yield from self._list(module, getattr(node, "value", None), prefix, depth)

    def _list(self, module: Module, node: ast.AST | None, prefix: str, depth: int) -> Iterator[Route]:
        if not depth or node is None:
            return
        if isinstance(node, ast.List | ast.Tuple):
            for item in node.elts:
                yield from self._list(module, item.value if isinstance(item, ast.Starred) else item, prefix, depth)
        elif isinstance(node, ast.BinOp):
            yield from self._list(module, node.left, prefix, depth)
            yield from self._list(module, node.right, prefix, depth)
        elif isinstance(node, ast.Name | ast.Attribute):
            found = self._code.resolve(module, node)
            if isinstance(found, Symbol):
                values = found.module.definitions.get(found.name, [])
                yield from (
                    route for value in values[-1:] for route in self._list(found.module, value, prefix, depth - 1)
                )
        elif isinstance(node, ast.Call):
            yield from self._entry(module, node, prefix, depth)

    def _entry(self, module: Module, call: ast.Call, prefix: str, depth: int) -> Iterator[Route]:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name not in ("path", "re_path", "url") or not call.args:
            return
        part = constant(self._code, module, keyword(call, "route", "regex") or call.args[0])
        target = keyword(call, "view") or (call.args[1] if len(call.args) > 1 else None)
        if part is None or target is None:
            return
        if name != "path":
            part = part.lstrip("^").removesuffix("$").removesuffix(r"\Z").removesuffix("/?")
            part = part.replace(r"\-", "-").replace(r"\.", ".")
        joined = prefix + part
        if isinstance(target, ast.Call) and _name(target.func) == "include" and target.args:
            yield from self._included(target.args[0], module, joined, depth, call)
        elif isinstance(target, ast.Attribute) and target.attr == "urls":
            if isinstance(found := self._code.resolve(module, target.value), Symbol):
                self.mounted.append((joined, (found.module.file, found.name)))
        elif not re.search(r"[<>(\[*+?\\{]", joined):
            is_home, asks = joined == "/", self._asks_everywhere
            opened = is_open(self._code, module, target, is_home=is_home, asks_everywhere=asks)
            yield Route(joined, module.at(call), opened)

    def _included(self, node: ast.expr, module: Module, prefix: str, depth: int, call: ast.Call) -> Iterator[Route]:
        if isinstance(node, ast.Tuple):
            node = node.elts[0]
        dotted = text(node)
        if dotted in _LIBRARIES:
            yield Route(prefix + _LIBRARIES[dotted], module.at(call))
        elif dotted is not None:
            if (inner := self._code.find(dotted, module.file)) and depth:
                yield from self._patterns(inner, prefix, depth - 1)
        elif isinstance(found := self._code.resolve(module, node), Module) and depth:
            yield from self._patterns(found, prefix, depth - 1)
        else:
            yield from self._list(module, node, prefix, depth - 1)

    def middleware_path(self, pattern: re.Pattern[str]) -> Fact[str] | None:
        """Find `request.path == "/healthz"`: a middleware answers before the name of the host is checked."""
        for file in self._code.containing(re.compile(rb"\.path(?:_info)?\s*(?:==|in)\b|\.path(?:_info)?\s*==")):
            module = self._code.module(file)
            for node in module.nodes if module else ():
                if (
                    isinstance(node, ast.Compare)
                    and isinstance(node.left, ast.Attribute)
                    and node.left.attr in ("path", "path_info")
                ):
                    compared = node.comparators[0]
                    for item in compared.elts if isinstance(compared, ast.Tuple | ast.List | ast.Set) else [compared]:
                        value = text(item)
                        if module and value and pattern.fullmatch(value):
                            return Fact(value, module.at(node))
        return None


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
