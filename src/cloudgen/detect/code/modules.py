"""The application's modules: found by file, parsed when somebody asks, imports followed from one to the other."""

from __future__ import annotations

import ast
import posixpath
import re
from functools import cached_property
from typing import TYPE_CHECKING

from cloudgen.dataclass import dataclass
from cloudgen.detect.code.syntax import parse
from cloudgen.detect.tree import is_decoy, is_test

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cloudgen.detect.tree import Tree

_MAX_STEPS = 12


@dataclass(frozen=True)
class Import:
    """What a name was imported as: `from ..module import name`; `name` is None for `import module`."""

    module: str
    name: str | None
    level: int


@dataclass(frozen=True)
class Symbol:
    """A name of a module of the application; `rest` are attributes that follow it."""

    module: Module
    name: str
    rest: tuple[str, ...] = ()


class Module:
    """A parsed file."""

    def __init__(self, file: str, tree: ast.Module) -> None:
        self.file = file
        self.tree = tree

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node."""
        return [*ast.walk(self.tree)]

    @cached_property
    def calls(self) -> list[ast.Call]:
        """Every call."""
        return [node for node in self.nodes if isinstance(node, ast.Call)]

    @cached_property
    def imports(self) -> dict[str, Import]:
        """Names that are imported, anywhere in the module."""
        found: dict[str, Import] = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for item in node.names:
                    name = item.asname or item.name.split(".")[0]
                    found.setdefault(name, Import(item.name if item.asname else name, None, 0))
            elif isinstance(node, ast.ImportFrom):
                for item in node.names:
                    found.setdefault(item.asname or item.name, Import(node.module or "", item.name, node.level))
        return found

    @cached_property
    def imported(self) -> set[str]:
        """The modules that are imported absolutely, by their dotted names."""
        names: set[str] = set()
        for node in self.nodes:
            if isinstance(node, ast.Import):
                names.update(item.name for item in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module)
        return names

    @cached_property
    def definitions(self) -> dict[str, list[ast.AST]]:
        """Names of the module's level, also within `if`, `try` and `with`, but not below `if __name__ ==`."""
        found: dict[str, list[ast.AST]] = {}
        for name, node in _bindings(self.tree.body):
            found.setdefault(name, []).append(node)
        return found

    @cached_property
    def inner(self) -> dict[str, list[ast.AST]]:
        """Names that functions assign, of all functions together."""
        found: dict[str, list[ast.AST]] = {}
        for node in self.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for name, value in _bindings(node.body):
                    found.setdefault(name, []).append(value)
        return found

    def names_at(self, line: int) -> set[str]:
        """Return the names of what is made in a line: what it is assigned to, and the function that returns it."""
        named = [(name, node) for names in (self.definitions, self.inner) for name in names for node in names[name]]
        named += [
            (node.name, item.value)
            for node in self.nodes
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            for item in ast.walk(node)
            if isinstance(item, ast.Return) and item.value is not None
        ]
        return {name for name, node in named if getattr(node, "lineno", 0) == line}

    def at(self, node: ast.AST) -> str:
        """Return the evidence for a node."""
        return f"{self.file}:{getattr(node, 'lineno', 1)}"


def _bindings(body: Iterable[ast.stmt]) -> Iterator[tuple[str, ast.AST]]:  # noqa: C901 - one branch a statement
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            yield node.target.id, node.value
        elif isinstance(node, ast.If):
            if not (
                isinstance(node.test, ast.Compare)
                and isinstance(node.test.left, ast.Name)
                and node.test.left.id == "__name__"
            ):
                yield from _bindings(node.body)
            yield from _bindings(node.orelse)
        elif isinstance(node, ast.Try):
            for part in (node.body, node.orelse, node.finalbody, *(handler.body for handler in node.handlers)):
                yield from _bindings(part)
        elif isinstance(node, ast.With | ast.AsyncWith):
            yield from _bindings(node.body)


class Code:
    """All modules of a tree. Files of tests count as decoys, unless somebody asks for them by name."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.files = [file for file in tree.files if file.endswith(".py")]
        self._known = frozenset(self.files)
        self._parsed: dict[str, Module | None] = {}
        self._found: dict[tuple[str, str], Module | None] = {}

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder that holds a module, directly or below."""
        found: set[str] = set()
        for file in self.files:
            folder = posixpath.dirname(file)
            while folder and folder not in found:
                found.add(folder)
                folder = posixpath.dirname(folder)
        return frozenset(found)

    def containing(self, pattern: re.Pattern[bytes], *, decoys: bool = False) -> Iterator[str]:
        """Yield the files whose bytes fit a pattern, shallow ones first: cheaper than to parse them all."""
        for file in self.files:
            if (decoys or not is_decoy(file)) and not is_test(file):
                raw = self.tree.raw(file)
                if raw and (pattern.search(raw) or (raw[:2] in (b"\xff\xfe", b"\xfe\xff"))):
                    yield file

    def module(self, file: str) -> Module | None:
        """Return a parsed module; one that cannot be read is noted."""
        if file not in self._parsed:
            self._parsed[file] = self._parse(file)
        return self._parsed[file]

    def _parse(self, file: str) -> Module | None:
        text = self.tree.text(file)
        if text is None:
            return None
        parsed = parse(text)
        if parsed is None:
            self.tree.notes.append(f"{file} was not understood: it is no Python that can be parsed")
            return None
        if parsed.left_out:
            lines = ", ".join(f"{first}-{last}" if first != last else str(first) for first, last in parsed.left_out)
            self.tree.notes.append(f"{file}: lines {lines} were not understood, so they were left out")
        return Module(file, parsed.tree)

    def find(self, dotted: str, near: str = "", level: int = 0) -> Module | None:
        """Return the module of a dotted name as seen from a file: relative, from each folder above, then anywhere."""
        key = (f"{'.' * level}{dotted}", posixpath.dirname(near))
        if key not in self._found:
            file = self.locate(dotted, near, level)
            self._found[key] = self.module(file) if file else None
        return self._found[key]

    def locate(self, dotted: str, near: str = "", level: int = 0) -> str | None:
        """Return the file of a dotted name."""
        path = dotted.replace(".", "/")
        folder = posixpath.dirname(near)
        if level:
            for _ in range(level - 1):
                folder = posixpath.dirname(folder)
            return self._in(folder, path)
        while True:
            for start in (folder, posixpath.join(folder, "src"), posixpath.join(folder, "lib")):
                if found := self._in(start, path):
                    return found
            if not folder:
                break
            folder = posixpath.dirname(folder)
        return self._anywhere(path)

    def _in(self, folder: str, path: str) -> str | None:
        stem = posixpath.join(folder, path) if path else folder
        for file in (f"{stem}.py", posixpath.join(stem, "__init__.py")):
            if file in self._known:
                return file
        return None

    @cached_property
    def _by_last(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for file in self.files:
            stem = file.removesuffix("/__init__.py").removesuffix(".py")
            found.setdefault(posixpath.basename(stem), []).append(file)
        return found

    def _anywhere(self, path: str) -> str | None:
        for file in self._by_last.get(posixpath.basename(path), []):
            stem = file.removesuffix("/__init__.py").removesuffix(".py")
            if (stem == path or stem.endswith(f"/{path}")) and not is_decoy(file):
                return file
        return None

    def resolve(self, module: Module, expression: ast.expr) -> Symbol | Module | str | None:
        """Follow a name through imports: to a symbol of the application, to a module, or to an outer dotted name."""
        parts: list[str] = []
        while isinstance(expression, ast.Attribute):
            parts.insert(0, expression.attr)
            expression = expression.value
        if isinstance(expression, ast.Name):
            return self._follow(module, [expression.id, *parts], _MAX_STEPS)
        return None

    def _follow(self, module: Module, parts: list[str], steps: int) -> Symbol | Module | str | None:
        head, rest = parts[0], parts[1:]
        if not steps:
            return None
        if head in module.definitions or (head in module.inner and head not in module.imports):
            return Symbol(module, head, tuple(rest))
        imported = module.imports.get(head)
        if imported is None:
            return self._starred(module, parts, steps)
        dotted = imported.module
        if imported.name is not None:
            source = self.find(dotted, module.file, imported.level)
            inner = f"{dotted}.{imported.name}".lstrip(".")
            if source is not None and source is not module and imported.name in {*source.definitions, *source.imports}:
                return self._follow(source, [imported.name, *rest], steps - 1)
            if self.locate(inner, module.file, imported.level) is None:
                if source is not None and source is not module:
                    return self._follow(source, [imported.name, *rest], steps - 1)
                return ".".join([inner, *rest])
            dotted = inner
        level = imported.level
        found = self.find(dotted, module.file, level)
        while rest and self.locate(f"{dotted}.{rest[0]}", module.file, level):
            dotted, rest = f"{dotted}.{rest[0]}", rest[1:]
            found = self.find(dotted, module.file, level)
        if found is None or found is module:
            return ".".join([dotted, *rest])
        return self._follow(found, rest, steps - 1) if rest else found

    def _starred(self, module: Module, parts: list[str], steps: int) -> Symbol | Module | str | None:
        for node in module.nodes:
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
                source = self.find(node.module or "", module.file, node.level)
                if source and source is not module and parts[0] in {*source.definitions, *source.imports}:
                    return self._follow(source, parts, steps - 1)
        return ".".join(parts)


def text(node: ast.AST | None) -> str | None:
    """Return the text of a constant."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def keyword(call: ast.Call, *names: str) -> ast.expr | None:
    """Return the value of a keyword argument."""
    return next((item.value for item in call.keywords if item.arg in names), None)
