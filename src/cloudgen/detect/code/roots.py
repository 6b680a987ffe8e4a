"""The folder that a module is imported from: what has to stand in PYTHONPATH."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from cloudgen.detect.metadata.toml import table, texts, toml

if TYPE_CHECKING:
    from cloudgen.detect.code.modules import Code


class Roots:
    """Knows the folders that projects declare as roots, and asks a module's own imports."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self._declared: dict[str, str] = {}
        tree = code.tree
        for file in tree.named("manage.py", decoys=True):
            self._declared.setdefault(posixpath.dirname(file), f"{file}:1")
        for file in tree.named("pyproject.toml", decoys=True):
            folder = posixpath.dirname(file)
            self._declared.setdefault(folder, f"{file}:1")
            self._packages(file, folder)
        for file in tree.named("setup.py", "setup.cfg", "requirements.txt", "Pipfile", "Dockerfile", decoys=True):
            self._declared.setdefault(posixpath.dirname(file), f"{file}:1")

    def _packages(self, file: str, folder: str) -> None:
        """Hatch, setuptools, poetry, pdm and uv say in which folder their packages are."""
        _, data = toml(self._code.tree, file)
        tool = table(data, "tool")
        stated: list[str] = []
        hatch = table(tool, "hatch", "build", "targets", "wheel")
        stated += [posixpath.dirname(path) for path in texts(hatch.get("packages"))]
        stated += list(table(hatch, "sources"))
        stated += texts(hatch.get("sources"))
        stated += texts(table(tool, "setuptools", "packages", "find").get("where"))
        stated += texts(table(tool, "setuptools", "package-dir").get(""))
        listed = table(tool, "poetry").get("packages")
        for item in listed if isinstance(listed, list) else []:
            if isinstance(item, dict) and isinstance(item.get("from"), str):
                stated.append(item["from"])
        stated += texts(table(tool, "pdm", "build").get("package-dir"))
        stated += texts(table(tool, "uv", "build-backend").get("module-root"))
        stated += texts(table(tool, "pytest", "ini_options").get("pythonpath"))
        for path in stated:
            root = posixpath.normpath(posixpath.join(folder, path)).strip("/")
            if root in self._code.tree.folders:
                self._declared.setdefault(root, f"{file}:1")

    def root(self, file: str) -> str:
        """Return the folder that a file's module is imported from."""
        folder = posixpath.dirname(file)
        candidates = [folder]
        while folder:
            folder = posixpath.dirname(folder)
            candidates.append(folder)
        named = [item for item in candidates if _is_dotted(_relative(file, item))]
        votes = {item: self._votes(file, item) for item in named}
        declared = [item for item in named if item in self._declared or self._is_src(item)]
        best = max(votes.values(), default=0)
        wanted = [item for item in named if votes[item] == best and best]
        for item in declared:
            if not wanted or item in wanted:
                return item
        if wanted:
            # A folder without __init__.py is no package: the deepest of the equal ones is inside none.
            return next((item for item in wanted if not self._is_package(item)), wanted[-1])
        return next((item for item in reversed(named)), "")

    def dotted(self, file: str, root: str) -> str:
        """Return the name that a file's module has when it is imported from a folder."""
        relative = _relative(file, root)[:-3]
        return relative.removesuffix("/__init__").replace("/", ".")

    def _is_src(self, folder: str) -> bool:
        is_src = posixpath.basename(folder) in ("src", "lib")
        return is_src and not self._code.tree.has(posixpath.join(folder, "__init__.py"))

    def _is_package(self, folder: str) -> bool:
        return self._code.tree.has(posixpath.join(folder, "__init__.py"))

    def _votes(self, file: str, folder: str) -> int:
        """Count the absolute imports of the module, and of its package's other modules, that fit this folder."""
        module = self._code.module(file)
        if module is None:
            return 0
        names = {name.partition(".")[0] for name in module.imported}
        files = self._code.tree
        return sum(
            files.has(posixpath.join(folder, f"{name}.py")) or self._holds(posixpath.join(folder, name))
            for name in names
        )

    def _holds(self, folder: str) -> bool:
        return folder in self._code.folders


def _relative(file: str, folder: str) -> str:
    return file[len(folder) + 1 :] if folder else file


def _is_dotted(path: str) -> bool:
    return all(part.isidentifier() for part in path[:-3].split("/"))
