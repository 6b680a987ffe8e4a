"""What an application's source code says, read with `ast`: the object a server runs, its port, its health route."""

from __future__ import annotations

import ast
import os
import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from cloudgen.dataclass import dataclass, field
from cloudgen.detect.project import Guess, line_of, read

if TYPE_CHECKING:
    from collections.abc import Iterator

Interface = Literal["asgi", "wsgi"]

MAX_FILES = 2000
_SKIPPED = frozenset(
    {"venv", "env", "node_modules", "tests", "test", "docs", "examples", "build", "dist", "migrations"}
    | {"site-packages", "deploy", "scripts"}
)
_FRAMEWORKS: dict[str, Interface] = {
    "fastapi.FastAPI": "asgi",
    "fastapi.applications.FastAPI": "asgi",
    "starlette.applications.Starlette": "asgi",
    "litestar.Litestar": "asgi",
    "quart.Quart": "asgi",
    "falcon.asgi.App": "asgi",
    "django.core.asgi.get_asgi_application": "asgi",
    "falcon.App": "wsgi",
    "flask.Flask": "wsgi",
    "django.core.wsgi.get_wsgi_application": "wsgi",
}
_ENTRY_NAMES = ("main", "app", "application", "asgi", "wsgi", "server", "api", "web")
_HEALTH = re.compile(r"/(?:[a-z0-9_/-]*/)?(?:healthz?|livez|readyz|ping|up|status|health[-_]?check)/?")


@dataclass(frozen=True)
class Entry:
    """An object that an ASGI or WSGI server can run: `shop.main:app`."""

    app: str
    interface: Interface
    evidence: str


@dataclass
class Source:
    """What was found in the source code of an application."""

    entries: list[Entry] = field(default_factory=list)
    factories: list[Entry] = field(default_factory=list)
    port: Guess | None = None
    health: Guess | None = None
    uses_s3: Guess | None = None


def read_source(folder: Path) -> Source:
    """Read every Python file of an application, and its Dockerfile or Procfile for the port."""
    found = Source()
    modules = [_Module(path, folder) for path in _python_files(folder)]
    modules = [module for module in modules if module.tree is not None]
    factories = {name: interface for module in modules for name, interface in module.factories().items()}
    ranked: list[tuple[tuple[int, int, int, str], Entry]] = []
    for module in modules:
        ranked += module.entries(factories)
        found.factories += module.factory_entries()
        found.port = found.port or module.port()
        found.health = found.health or module.health()
        found.uses_s3 = found.uses_s3 or module.s3()
    found.entries = [entry for _, entry in sorted(ranked, key=lambda pair: pair[0])]
    found.port = _declared_port(folder) or found.port
    return found


def _python_files(folder: Path) -> Iterator[Path]:
    count = 0
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED and not name.startswith("."))
        for name in sorted(files):
            if name.endswith(".py") and not name.startswith("test_") and name != "conftest.py":
                count += 1
                if count > MAX_FILES:
                    return
                yield Path(root, name)


def _declared_port(folder: Path) -> Guess | None:
    for name, pattern in (("Dockerfile", r"^\s*EXPOSE\s+(\d+)"), ("Procfile", r"(?:--port[ =]|-p |:)(\d{4,5})\b")):
        text = read(folder / name)
        match = re.search(pattern, text or "", re.MULTILINE | re.IGNORECASE)
        if text and match and 0 < int(match[1]) < 65536:
            return Guess(match[1], f"{name}:{line_of(text, match[0].strip())}")
    return None


class _Module:
    """One Python file."""

    def __init__(self, path: Path, folder: Path) -> None:
        relative = path.relative_to(folder)
        self.file = relative.as_posix()
        parts = list(relative.with_suffix("").parts)
        if parts[0] == "src" and not (folder / "src" / "__init__.py").exists():
            parts = parts[1:]
        if parts and parts[-1] == "__init__":
            parts = parts[:-1]
        self.name = ".".join(parts)
        self.tree = _parse(path)
        self._imports = _imports(self.tree) if self.tree else {}

    def entries(self, factories: dict[str, Interface]) -> Iterator[tuple[tuple[int, int, int, str], Entry]]:
        """Yield the module's servable objects with their rank: usual names, then shallow modules, come first."""
        if not all(part.isidentifier() for part in self.name.split(".")):
            return
        for target, call in _assignments(self.tree):
            interface = self._interface(call)
            name = self._called(call).rsplit(".", 1)[-1]
            interface = interface or factories.get(name)
            if interface is not None:
                last = self.name.rsplit(".", 1)[-1]
                # Django makes both modules; the one that every deployment guide runs is WSGI.
                rank = _ENTRY_NAMES.index(last) if last in _ENTRY_NAMES else len(_ENTRY_NAMES)
                is_django_asgi = self._called(call).startswith("django.core.asgi")
                usual = 0 if target in ("app", "application", "api") else 1
                entry = Entry(f"{self.name}:{target}", interface, f"{self.file}:{call.lineno}")
                yield (usual + 2 * is_django_asgi, self.name.count("."), rank, entry.app), entry

    def factories(self) -> dict[str, Interface]:
        """Return the module's functions that make an application, such as `create_app`."""
        return {node.name: interface for node, interface in self._factory_nodes()}

    def factory_entries(self) -> list[Entry]:
        """Return the same functions, with the place where they stand."""
        return [
            Entry(f"{self.name}:{node.name}", interface, f"{self.file}:{node.lineno}")
            for node, interface in self._factory_nodes()
        ]

    def _factory_nodes(self) -> Iterator[tuple[ast.FunctionDef, Interface]]:
        for node in self.tree.body if self.tree else []:
            if isinstance(node, ast.FunctionDef) and _is_callable_without_arguments(node.args):
                calls = (item for item in ast.walk(node) if isinstance(item, ast.Call))
                interface = next((found for call in calls if (found := self._interface(call))), None)
                if interface and any(isinstance(item, ast.Return) and item.value for item in ast.walk(node)):
                    yield node, interface

    def port(self) -> Guess | None:
        """Find `uvicorn.run(port=…)`, `app.run(port=…)` and the default of the environment variable PORT."""
        for call in self._calls():
            name = self._called(call)
            value: ast.expr | None = None
            if name.rsplit(".", 1)[-1] == "run":
                value = next((keyword.value for keyword in call.keywords if keyword.arg == "port"), None)
            if name in ("os.getenv", "os.environ.get") and len(call.args) == 2 and _text(call.args[0]) == "PORT":
                value = call.args[1]
            if isinstance(value, ast.Constant) and re.fullmatch(r"[1-9]\d{1,4}", str(value.value)):
                return Guess(str(value.value), f"{self.file}:{call.lineno}")
        return None

    def health(self) -> Guess | None:
        """Find a path that looks like that of a health check: a route, or what a middleware compares the path with."""
        for call in self._calls():
            method = self._called(call).rsplit(".", 1)[-1]
            path = _text(call.args[0]) if call.args else None
            if method in ("path", "re_path") and path:
                path = f"/{path.lstrip('/^').rstrip('$')}"
            if (
                method in ("get", "route", "path", "add_url_rule", "add_route", "Route")
                and path
                and _HEALTH.fullmatch(path)
            ):
                return Guess(path, f"{self.file}:{call.lineno}")
        return self._compared_health()

    def _compared_health(self) -> Guess | None:
        """Find `request.path == "/healthz"`: in Django a middleware answers before the name of the host is checked."""
        for node in ast.walk(self.tree) if self.tree else ():
            if isinstance(node, ast.Compare) and isinstance(node.left, ast.Attribute):
                path = _text(node.comparators[0])
                if node.left.attr in ("path", "path_info") and path and _HEALTH.fullmatch(path):
                    return Guess(path, f"{self.file}:{node.lineno}")
        return None

    def s3(self) -> Guess | None:
        """Find `boto3.client("s3")` and its like."""
        for call in self._calls():
            method = self._called(call).rsplit(".", 1)[-1]
            if method in ("client", "resource", "create_client") and call.args and _text(call.args[0]) == "s3":
                return Guess("s3", f"{self.file}:{call.lineno}")
        return None

    def _calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call)) if self.tree else iter(())

    def _interface(self, call: ast.Call) -> Interface | None:
        return _FRAMEWORKS.get(self._called(call))

    def _called(self, call: ast.Call) -> str:
        """Return the full name of what is called: `FastAPI()` is `fastapi.FastAPI` where that was imported."""
        parts: list[str] = []
        node: ast.expr = call.func
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ".".join(reversed(parts))
        return ".".join([self._imports.get(node.id, node.id), *reversed(parts)])


def _parse(path: Path) -> ast.Module | None:
    text = read(path)
    if text is None:
        return None
    try:
        with warnings.catch_warnings(action="ignore"):
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _imports(tree: ast.Module) -> dict[str, str]:
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for item in node.names:
                names[item.asname or item.name.split(".")[0]] = item.name if item.asname else item.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for item in node.names:
                names[item.asname or item.name] = f"{node.module}.{item.name}"
    return names


def _assignments(tree: ast.Module | None) -> Iterator[tuple[str, ast.Call]]:
    """Yield `name = call()` of a module's top level, also within `if`, `try` and `with`."""
    pending: list[ast.stmt] = list(tree.body) if tree else []
    while pending:
        node = pending.pop(0)
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from ((item.id, node.value) for item in targets if isinstance(item, ast.Name))
        elif isinstance(node, ast.If | ast.Try | ast.With):
            pending += [item for item in ast.iter_child_nodes(node) if isinstance(item, ast.stmt)]


def _is_callable_without_arguments(arguments: ast.arguments) -> bool:
    required = len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults)
    return required == 0 and all(default is not None for default in arguments.kw_defaults)


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
