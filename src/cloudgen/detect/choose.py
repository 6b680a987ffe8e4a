"""Chooses the application: what is stated first, confirmed by the code, else what the code suggests."""

from __future__ import annotations

import ast
import posixpath
import re
from typing import TYPE_CHECKING

from cloudgen.dataclass import dataclass, replace
from cloudgen.detect.code.apps import Applications, Entry
from cloudgen.detect.code.frameworks import Interface
from cloudgen.detect.code.modules import Code, Module, Symbol, text
from cloudgen.detect.stated import daemons
from cloudgen.detect.stated.servers import as_app
from cloudgen.detect.tree import is_decoy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cloudgen.detect.code.roots import Roots
    from cloudgen.detect.stated.process import Process

_PRODUCTION = ("dockerfile", "procfile", "render.yaml", "fly.toml", "heroku.yml", "app.yaml", "railway", "nixpacks")
_DAEMONS = ("uwsgi.ini", "supervisord", "s6", "systemd", "compose", "script")
_KINDS = (*_PRODUCTION, *_DAEMONS, "dockerfile for developers", "compose for developers", "makefile")
"""Kinds of statements, the weightiest first."""


@dataclass(frozen=True)
class Choice:
    """The application that was chosen. `file` is that of its module, `root` the folder that it is imported from."""

    app: str
    interface: Interface
    evidence: str
    file: str | None
    root: str
    entry: Entry | None = None
    process: Process | None = None


class Chooser:
    """Puts statements and code together."""

    def __init__(self, code: Code, roots: Roots, applications: Applications) -> None:
        self._code = code
        self._roots = roots
        self._applications = applications
        self.notes: list[str] = []

    def stated(self, processes: Iterable[Process]) -> list[Choice]:
        """Return the applications that are stated, the weightiest statement first."""
        web = [self._configured(item) for item in self._with_console_scripts(processes) if item.role == "web"]
        ranked = sorted(
            web, key=lambda item: (item.is_for_developers or item.server in ("python", None), _rank(item.kind))
        )
        found = [choice for item in ranked for choice in self._resolved(item)]
        missing = [choice for choice in found if choice.file is None]
        return [choice for choice in found if choice.file is not None] + missing

    def without_application(self, processes: Iterable[Process]) -> Process | None:
        """Return a stated command that serves by itself: nothing that could be given to a server is known of it."""
        programs = {*self._scripts(), "streamlit", "pserve", "python"}
        for process in sorted(processes, key=lambda item: _rank(item.kind)):
            is_served = process.role == "web" and (process.server in ("python", None) or process.app is not None)
            is_program = (
                process.role == "other"
                and process.kind in ("dockerfile", "procfile")
                and process.command[0] in programs
            )
            if (is_served or is_program) and not process.is_for_developers and process.kind != "script":
                return process
        return None

    def _with_console_scripts(self, processes: Iterable[Process]) -> Iterator[Process]:
        """A console script of the project is the function that it names."""
        scripts = self._scripts()
        for process in processes:
            target = scripts.get(posixpath.basename(process.command[0])) if process.command else None
            if process.role in ("other", "web") and process.app is None and target and process.kind != "script":
                yield replace(process, role="web", server="python", app=f"{target[0].partition(':')[0]}:")
            else:
                yield process

    def _scripts(self) -> dict[str, tuple[str, str]]:
        """Return the console scripts of every project of the folder, those of the shallow ones first."""
        scripts: dict[str, tuple[str, str]] = {}
        for file in self._code.tree.named("pyproject.toml", "setup.cfg", "setup.py", decoys=True):
            if not is_decoy(file) or posixpath.basename(file) == "setup.py":
                scripts = {**daemons.console_scripts(self._code.tree, posixpath.dirname(file)), **scripts}
        return scripts

    def _configured(self, process: Process) -> Process:
        """Add what a configuration file of the server says: gunicorn.conf.py, uwsgi.ini."""
        if process.server == "uwsgi" and process.config:
            name = posixpath.basename(process.config)
            for file in self._code.tree.named(name):
                for item in daemons.uwsgi(self._code.tree, file):
                    if item.role == "web":
                        return replace(item, kind=process.kind, command=process.command, port=process.port or item.port)
        if process.server == "gunicorn":
            names = (
                [posixpath.basename(process.config.removeprefix("python:"))] if process.config else ["gunicorn.conf.py"]
            )
            for file in [file for name in names for file in self._code.tree.named(name, f"{name}.py")][:1]:
                return self._gunicorn(process, file)
        return process

    def _gunicorn(self, process: Process, file: str) -> Process:
        module = self._code.module(file)
        settings = {name: nodes[-1] for name, nodes in module.definitions.items()} if module else {}
        bind = (
            " ".join(str(item.value) for item in ast.walk(settings["bind"]) if isinstance(item, ast.Constant))
            if "bind" in settings
            else ""
        )
        ports = re.findall(r"(?<!\d)(\d{2,5})(?![\d.])", bind)
        worker = text(settings.get("worker_class")) or ""
        folder = text(settings.get("chdir")) or ""
        app = text(settings.get("wsgi_app"))
        return replace(
            process,
            port=process.port or (int(ports[-1]) if ports else None),
            interface="asgi" if re.search("uvicorn|asgi", worker, re.IGNORECASE) else process.interface,
            folder=process.folder or re.sub(r"^/(app|code|srv|src)/?", "", folder).strip("/."),
            app=process.app or (as_app(app, "application") if app else None),
        )

    def _resolved(self, process: Process) -> Iterator[Choice]:
        if process.app is None or process.has_other_worker:
            return
        module, _, name = process.app.partition(":")
        file = self._file(module, process.folder)
        interface: Interface = process.interface or "asgi"
        if file is None:
            if process.server not in ("python", None) and name and not process.app.endswith(":"):
                yield Choice(process.app, interface, process.evidence, None, "", None, process)
            return
        parsed = self._code.module(file)
        if process.server == "python" and parsed is not None:
            yield from self._run_by_code(process, file)
            return
        if not name and parsed is not None:
            entries = self._entries(file)
            if not entries:
                return
            name, interface = entries[0].name + ("()" if entries[0].is_factory else ""), entries[0].interface
        root = self._root(file, module, process)
        plain = re.sub(r"\(.*", "", name)
        known = parsed is None or plain.partition(".")[0] in {*parsed.definitions, *parsed.imports} or _has_star(parsed)
        if not known:
            self.notes.append(f"{process.evidence} runs {process.app}, but {file} has no {plain}")
            return
        speaks = self._speaks(parsed, plain) if parsed is not None else None
        if process.interface is None or (process.server in ("granian",) and "--interface" not in process.command):
            interface = speaks[0] if speaks else interface
        if name == plain and speaks and self._is_factory(parsed, plain):
            name = f"{plain}()"
        dotted = self._roots.dotted(file, root)
        entry = Entry(
            file,
            plain,
            interface,
            process.evidence,
            speaks[1] if speaks else process.evidence,
        )
        yield Choice(f"{dotted}:{name}", interface, process.evidence, file, root, entry, process)

    def _is_factory(self, module: Module | None, name: str) -> bool:
        """Whether a name is a function that makes an application: litestar and granian call it by themselves."""
        nodes = module.definitions.get(name, []) if module else []
        return bool(nodes) and isinstance(nodes[-1], ast.FunctionDef)

    def _speaks(self, module: Module, name: str) -> tuple[Interface, str] | None:
        """Return interface and place of an object, or of what a factory makes."""
        for node in reversed(module.definitions.get(name, [])):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                return self._applications.of_function(module, node)
        if name not in module.definitions:
            found = self._code.resolve(module, ast.Name(name))
            if isinstance(found, Symbol) and not found.rest and found.module is not module:
                return self._speaks(found.module, found.name)
        return self._applications.of_name(module, name)

    def _root(self, file: str, module: str, process: Process) -> str:
        """The stated name says which folder the module is imported from."""
        stem = file.removesuffix("/__init__.py").removesuffix(".py")
        path = module.replace(".", "/")
        if process.server in ("fastapi", "flask") and "/" in stem:
            return self._roots.root(file)
        return stem[: -len(path)].rstrip("/") if stem.endswith(path) else self._roots.root(file)

    def _file(self, module: str, folder: str) -> str | None:
        path = module.replace(".", "/")
        tree = self._code.tree
        for start in dict.fromkeys((folder, posixpath.join(folder, "src") if folder else "src", "")):
            for file in (f"{path}.py", f"{path}/__init__.py"):
                if tree.has(found := posixpath.join(start, file)):
                    return found
        return self._code.locate(module, posixpath.join(folder, "x.py"))

    def _entries(self, file: str) -> list[Entry]:
        objects, factories = self.found
        return [entry for entry in (*objects, *factories) if entry.file == file]

    def _run_by_code(self, process: Process, file: str) -> Iterator[Choice]:
        """`python run.py`: `uvicorn.run("shop.main:app")`, `uvicorn.run(app)`, `app.run()`, `serve(app)`."""
        parsed = self._code.module(file)
        for call in parsed.calls if parsed else []:
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if name not in ("run", "serve", "run_app", "run_simple") or parsed is None:
                continue
            stated = text(call.args[0]) if call.args else None
            if stated and ":" in stated and (target := self._file(stated.partition(":")[0], process.folder)):
                is_factory = any(
                    item.arg == "factory" and isinstance(item.value, ast.Constant) and item.value.value
                    for item in call.keywords
                )
                root = self._root(target, stated.partition(":")[0], process)
                app = f"{self._roots.dotted(target, root)}:{stated.partition(':')[2]}" + ("()" if is_factory else "")
                module = self._code.module(target)
                speaks = self._speaks(module, stated.partition(":")[2]) if module else None
                entry = Entry(target, stated.partition(":")[2], "asgi", parsed.at(call), speaks[1] if speaks else "")
                yield Choice(app, speaks[0] if speaks else "asgi", process.evidence, target, root, entry, process)
                return
            node = (
                call.args[0]
                if call.args and name != "run"
                else (call.args[0] if call.args and not isinstance(call.args[0], ast.Constant) else None)
            )
            if node is None and isinstance(call.func, ast.Attribute):
                node = call.func.value
            speaks = self._applications.of_expression(parsed, node) if node is not None else None
            found = self._code.resolve(parsed, node) if isinstance(node, ast.Name | ast.Attribute) else None
            if speaks and isinstance(found, Symbol) and found.name in found.module.definitions and not found.rest:
                target = found.module.file
                root = self._roots.root(target)
                entry = Entry(target, found.name, speaks[0], parsed.at(call), speaks[1])
                yield Choice(
                    f"{self._roots.dotted(target, root)}:{found.name}",
                    speaks[0],
                    process.evidence,
                    target,
                    root,
                    entry,
                    process,
                )
                return

    @property
    def found(self) -> tuple[list[Entry], list[Entry]]:
        """Entries and factories of the code, read once."""
        if not hasattr(self, "_found"):
            self._found = self._applications.entries()
        return self._found

    def by_code(self, *, prefers_asgi: bool, mounted: set[tuple[str, str]]) -> list[Choice]:
        """Return what the code suggests, the best first; decoys of tests and documentation last."""
        objects, factories = self.found
        entries = [entry for entry in objects if (entry.file, entry.name) not in mounted] or objects
        entries = sorted(
            entries, key=lambda entry: (is_decoy(entry.file), self._is_other_half(entry, entries, prefers_asgi))
        )
        found = [self._choice(entry) for entry in entries]
        return found + [self._choice(entry) for entry in factories]

    def _is_other_half(self, entry: Entry, entries: list[Entry], prefers_asgi: bool) -> bool:
        """Django makes wsgi.py and asgi.py; deployment guides run WSGI, but with channels it has to be ASGI."""
        module = self._code.module(entry.file)
        is_django = module is not None and any(
            name.startswith(("django.core.asgi", "channels", "django.core.wsgi")) for name in module.imported
        )
        other = "asgi" if entry.interface == "wsgi" else "wsgi"
        has_other = any(
            item.interface == other and posixpath.dirname(item.file) == posixpath.dirname(entry.file)
            for item in entries
        )
        return is_django and has_other and (entry.interface == "asgi") != prefers_asgi

    def _choice(self, entry: Entry) -> Choice:
        root = self._roots.root(entry.file)
        app = f"{self._roots.dotted(entry.file, root)}:{entry.name}" + ("()" if entry.is_factory else "")
        return Choice(app, entry.interface, entry.evidence, entry.file, root, entry)


def _rank(kind: str) -> int:
    return _KINDS.index(kind) if kind in _KINDS else len(_KINDS)


def _has_star(module: object) -> bool:
    return any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in getattr(module, "nodes", []))
