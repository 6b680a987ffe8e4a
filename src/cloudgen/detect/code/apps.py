"""The objects that an ASGI or WSGI server can run, by what the source code says."""

from __future__ import annotations

import ast
import posixpath
import re
from typing import TYPE_CHECKING

from cloudgen.dataclass import dataclass
from cloudgen.detect.code.frameworks import FRAMEWORKS, MARKER, METHODS, OWN_SERVERS, WRAPPER, Interface
from cloudgen.detect.code.modules import Code, Module, Symbol
from cloudgen.detect.tree import is_decoy

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_STEPS = 12
_MODULES = ("wsgi", "asgi", "main", "app", "application", "server", "api", "web", "__init__")
_NAMES = ("app", "application", "api")
_WORKERS = re.compile(r"(^|_)(celery|worker|tasks?|scheduler|beat|cli|manage|console|shell|seed|migrate)(_|$)")
_NEVER = ("alembic", "pytest", "locust", "unittest", "nox", "invoke", "fabric")


@dataclass(frozen=True)
class Entry:
    """An object that a server can run: `name` in the module of `file`; `made_at` is where the application is made.

    `wraps` where it is put around an application that was made before: then it is the one to serve.
    """

    file: str
    name: str
    interface: Interface
    evidence: str
    made_at: str
    is_factory: bool = False
    wraps: bool = False


class Applications:
    """Finds applications in code."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self._active: set[tuple[str, str]] = set()

    def of_expression(
        self, module: Module, node: ast.AST | None, steps: int = _MAX_STEPS
    ) -> tuple[Interface, str] | None:
        """Return what an expression speaks, where it is an application, and where that is made."""
        if node is None or not steps:
            return None
        if isinstance(node, ast.Await):
            return self.of_expression(module, node.value, steps)
        if isinstance(node, ast.Call):
            return self._of_call(module, node, steps)
        if isinstance(node, ast.IfExp):
            return self.of_expression(module, node.body, steps) or self.of_expression(module, node.orelse, steps)
        if isinstance(node, ast.Name | ast.Attribute):
            found = self._code.resolve(module, node)
            if isinstance(found, Symbol) and not found.rest:
                return self.of_name(found.module, found.name, steps - 1)
            if isinstance(found, Symbol) and found.rest[-1] in ("wsgi_app", "asgi_app", "server", "app"):
                return self.of_name(found.module, found.name, steps - 1)
        return None

    def of_name(self, module: Module, name: str, steps: int = _MAX_STEPS) -> tuple[Interface, str] | None:
        """Return what a name of a module stands for, where it is an application."""
        key = (module.file, name)
        if key in self._active or not steps:
            return None
        self._active.add(key)
        try:
            values = [*module.definitions.get(name, ()), *module.inner.get(name, ())]
            found = [
                speaks
                for node in values
                if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
                and (speaks := self.of_expression(module, node, steps - 1))
            ]
        finally:
            self._active.discard(key)
        return found[-1] if found else None

    def _of_call(self, module: Module, call: ast.Call, steps: int) -> tuple[Interface, str] | None:  # noqa: C901
        called = self._code.resolve(module, call.func)
        where = module.at(call)
        if isinstance(called, str):
            if called in FRAMEWORKS:
                inner = self._wrapped(module, call, steps) if "iddleware" in called or "App" in called else None
                return FRAMEWORKS[called], inner[1] if inner else where
            last = called.rpartition(".")[2]
            if last == "run" and call.args:  # asyncio.run(make())
                return self.of_expression(module, call.args[0], steps - 1)
            if (WRAPPER.search(called) or last in ("cast",)) and (inner := self._wrapped(module, call, steps)):
                return inner
        if isinstance(called, Symbol) and not called.rest:
            nodes = called.module.definitions.get(called.name) or []
            for node in reversed(nodes):
                if isinstance(node, ast.ClassDef) and (found := self.of_class(called.module, node, steps - 1)):
                    return found, where
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    made = self.of_function(called.module, node, steps - 1)
                    if made or ((inner := self._wrapped(module, call, steps)) and WRAPPER.search(called.name)):
                        return made or inner
            if any(isinstance(node, ast.ClassDef) for node in nodes) and WRAPPER.search(called.name):
                return self._wrapped(module, call, steps)
        if isinstance(call.func, ast.Attribute) and call.func.attr in METHODS:
            return METHODS[call.func.attr], where
        return None

    def _wrapped(self, module: Module, call: ast.Call, steps: int) -> tuple[Interface, str] | None:
        for argument in [*call.args, *(item.value for item in call.keywords)]:
            if found := self.of_expression(module, argument, steps - 1):
                return found
        return None

    def of_class(self, module: Module, node: ast.ClassDef, steps: int = _MAX_STEPS) -> Interface | None:
        """Return what a subclass of a framework's class speaks."""
        for base in node.bases:
            called = self._code.resolve(module, base)
            if isinstance(called, str) and called in FRAMEWORKS:
                return FRAMEWORKS[called]
            if isinstance(called, Symbol) and steps and not called.rest:
                for inner in called.module.definitions.get(called.name, []):
                    if not isinstance(inner, ast.ClassDef) or inner is node:
                        continue
                    if found := self.of_class(called.module, inner, steps - 1):
                        return found
        return None

    def of_function(
        self, module: Module, node: ast.FunctionDef | ast.AsyncFunctionDef, steps: int = _MAX_STEPS
    ) -> tuple[Interface, str] | None:
        """Return what a factory makes: by what it returns, or by the annotation of that."""
        key = (module.file, f"{node.name}()")
        if key in self._active or not steps:
            return None
        self._active.add(key)
        try:
            for item in _own_nodes(node):
                value = item.value if isinstance(item, ast.Return) else None
                if value is not None and (found := self._returned(module, node, value, steps)):
                    return found
            returns = node.returns
            if isinstance(returns, ast.Subscript) and isinstance(returns.slice, ast.Tuple):
                returns = returns.slice.elts[0]
            called = self._code.resolve(module, returns) if returns is not None else None
            if isinstance(called, str) and called in FRAMEWORKS and called.rpartition(".")[2][:1].isupper():
                return FRAMEWORKS[called], module.at(node)
        finally:
            self._active.discard(key)
        return None

    def _returned(
        self, module: Module, node: ast.FunctionDef | ast.AsyncFunctionDef, value: ast.expr, steps: int
    ) -> tuple[Interface, str] | None:
        if isinstance(value, ast.Name):
            for item in _own_nodes(node):
                targets = (
                    item.targets
                    if isinstance(item, ast.Assign)
                    else [item.target]
                    if isinstance(item, ast.AnnAssign)
                    else []
                )
                is_it = any(isinstance(target, ast.Name) and target.id == value.id for target in targets)
                if is_it and (found := self.of_expression(module, getattr(item, "value", None), steps - 1)):
                    return found
            if value.id in {argument.arg for argument in node.args.args}:
                return None
        return self.of_expression(module, value, steps - 1)

    def candidates(self) -> list[Module]:
        """Return the modules that may hold an entry: by a framework's name, by a factory's, by their own name."""
        first = list(self._code.containing(MARKER, decoys=True))
        modules = [module for file in first if (module := self._code.module(file))]
        makers = {name for module in modules for name in self._makers(module)}
        names = {
            name for module in modules for name in module.definitions if name in _NAMES and self.of_name(module, name)
        }
        words = sorted(makers | names)
        usual = [file for file in self._code.files if posixpath.basename(file)[:-3] in _MODULES[:4]]
        second: list[str] = []
        if words:
            pattern = re.compile(rb"\b(?:" + b"|".join(re.escape(word.encode()) for word in words) + rb")\b")
            second = list(self._code.containing(pattern, decoys=True))
        listed = dict.fromkeys([*first, *second, *usual])
        return [module for file in listed if (module := self._code.module(file))]

    def _makers(self, module: Module) -> Iterator[str]:
        for name, nodes in module.definitions.items():
            for node in nodes:
                if (isinstance(node, ast.ClassDef) and self.of_class(module, node)) or (
                    isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and self.of_function(module, node)
                ):
                    yield name

    def entries(self) -> tuple[list[Entry], list[Entry]]:
        """Return the objects that a server can run, and the factories that can be called without arguments."""
        objects: list[Entry] = []
        factories: list[Entry] = []
        for module in self.candidates():
            if self._is_never_one(module):
                continue
            for name, nodes in module.definitions.items():
                node = nodes[-1]
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    made = self.of_function(module, node)
                    if made and isinstance(node, ast.FunctionDef) and _is_callable_without_arguments(node.args):
                        factories.append(Entry(module.file, name, made[0], module.at(node), made[1], is_factory=True))
                elif not isinstance(node, ast.ClassDef) and (found := self.of_name(module, name)):
                    wraps = isinstance(node, ast.Call) and module.at(node) != found[1]
                    objects.append(Entry(module.file, name, found[0], module.at(node), found[1], wraps=wraps))
            objects += self._passed_on(module)
        return sorted(objects, key=rank), sorted(factories, key=rank)

    def _passed_on(self, module: Module) -> Iterator[Entry]:
        """`from shop import app` in wsgi.py: an entry, if the module is called like one."""
        if posixpath.basename(module.file) not in ("wsgi.py", "asgi.py"):
            return
        for name, imported in module.imports.items():
            if name in module.definitions or imported.name is None:
                continue
            found = self._code.resolve(module, ast.Name(name))
            if isinstance(found, Symbol) and not found.rest and (speaks := self.of_name(found.module, found.name)):
                line = next(
                    (
                        node
                        for node in module.nodes
                        if isinstance(node, ast.ImportFrom)
                        and any((item.asname or item.name) == name for item in node.names)
                    ),
                    module.tree,
                )
                yield Entry(module.file, name, speaks[0], module.at(line), speaks[1])

    def _is_never_one(self, module: Module) -> bool:
        roots = {name.partition(".")[0] for name in module.imported}
        if "alembic" in roots and ("env.py" in module.file or "alembic" in module.file):
            return True
        return bool(roots.intersection(_NEVER[1:]))

    def own_servers(self) -> list[tuple[str, str]]:
        """Return frameworks that need a command of their own, and where they are used."""
        found = []
        for module in self.candidates():
            if is_decoy(module.file):
                continue
            for call in module.calls:
                called = self._code.resolve(module, call.func)
                if isinstance(called, str) and called in OWN_SERVERS:
                    found.append((OWN_SERVERS[called], module.at(call)))
        return found


def rank(entry: Entry) -> tuple[bool, bool, bool, int, int, bool, int, str]:
    """Order entries: of the application itself, of usual modules, shallow ones, usual names first."""
    stem = posixpath.basename(entry.file)[:-3]
    module = _MODULES.index(stem) if stem in _MODULES else len(_MODULES)
    name = _NAMES.index(entry.name) if entry.name in _NAMES else len(_NAMES)
    folders = entry.file.split("/")[:-1]
    return (
        is_decoy(entry.file),
        bool(_WORKERS.search(stem)) or bool({"scripts", "bin", "tools", "deploy", "build"}.intersection(folders)),
        module == len(_MODULES),
        len(folders) - ("src" in folders) - (stem == "__init__"),
        module,
        not entry.wraps,
        name,
        entry.file + entry.name,
    )


def _own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Walk a function without the functions and classes inside it."""
    pending = [*ast.iter_child_nodes(node)]
    while pending:
        item = pending.pop(0)
        yield item
        if not isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            pending += ast.iter_child_nodes(item)


def _is_callable_without_arguments(arguments: ast.arguments) -> bool:
    required = len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults)
    return required == 0 and all(default is not None for default in arguments.kw_defaults)
