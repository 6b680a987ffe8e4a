"""Repositories as data, and how what `init` finds in them is judged.

A case is a YAML file: `why` it is there, `files` (path -> text), how they are written (`encodings`, `line_ends`,
`links`, `folders`), and what is `expected`: what the files state, decided by reading them. Everything that a case does
not expect must not be claimed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from cloudgen.detect.application import Application

CASES = Path(__file__).parent / "cases"
Verdict = Literal["right", "wrong", "missed", "invented"]
ATTRIBUTES = (
    "app",
    "interface",
    "context",
    "import_root",
    "command",
    "server",
    "port",
    "package_manager",
    "requirements",
    "extras",
    "groups",
    "member",
    "python",
    "health",
    "database",
    "cache",
    "bucket",
    "workers",
    "schedulers",
    "jobs",
    "migration",
    "build_steps",
    "front_end",
    "packages",
    "build_packages",
    "web_sockets",
    "dockerfile",
    "others",
)


@dataclass(frozen=True)
class Case:
    """One repository and what is stated there."""

    name: str
    data: dict[str, Any]

    @property
    def expected(self) -> dict[str, Any]:
        """What the files state."""
        found: dict[str, Any] = self.data["expected"]
        return found

    def write(self, folder: Path) -> Path:
        """Write the repository into a folder of the case's name, and return that."""
        root = folder / self.name
        ends = {"crlf": "\r\n", "cr": "\r"}.get(self.data.get("line_ends", ""), "\n")
        for name, text in self.data["files"].items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            encoding = self.data.get("encodings", {}).get(name, "utf-8")
            path.write_bytes((text or "").replace("\n", ends).encode(encoding))
        for name, target in self.data.get("links", {}).items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).symlink_to(target)
        for name in self.data.get("folders", []):
            (root / name).mkdir(parents=True)
        return root


def cases() -> list[Case]:
    """Return every case, by name."""
    return [Case(path.stem, yaml.safe_load(path.read_text(encoding="utf-8"))) for path in sorted(CASES.glob("*.yaml"))]


def attributes(found: Application) -> dict[str, Any]:
    """Return what was found, in the words of the cases; what is not there has no key."""
    workers = {
        role: [
            " ".join(item.command) + (f" @ {item.schedule}" if item.schedule else "")
            for item in found.workers
            if item.role == role
        ]
        for role in ("worker", "scheduler", "job")
    }
    every = {
        "app": found.app,
        "interface": found.interface if found.app else None,
        "context": None if found.context == "." else found.context,
        "import_root": found.python_path,
        "command": " ".join(found.command) if found.command else None,
        "server": found.server,
        "port": found.port,
        "package_manager": found.package_manager,
        "requirements": found.requirements if found.requirements != ["requirements.txt"] else None,
        "extras": sorted(found.extras),
        "groups": sorted(found.groups),
        "member": found.member,
        "python": found.python,
        "health": found.health,
        "database": found.database,
        "cache": found.cache,
        "bucket": found.bucket,
        "workers": workers["worker"],
        "schedulers": workers["scheduler"],
        "jobs": workers["job"],
        "migration": " ".join(found.migration) if found.migration else None,
        "build_steps": [" ".join(step) for step in found.build_steps],
        "front_end": found.front_end,
        "packages": sorted(found.libraries),
        "build_packages": sorted(found.build_libraries),
        "web_sockets": found.web_sockets,
        "dockerfile": found.dockerfile.file if found.dockerfile else None,
        "others": [other.app for other in found.others],
    }
    return {name: value for name, value in every.items() if value not in (None, False, [], "")}


def judge(case: Case, found: Application) -> dict[str, tuple[Verdict, Any, Any]]:
    """Return the verdict on each attribute that is stated or claimed, with what is expected and what was found."""
    claimed = attributes(found)
    verdicts: dict[str, tuple[Verdict, Any, Any]] = {}
    for name in ATTRIBUTES:
        wanted, said = case.expected.get(name), claimed.get(name)
        if isinstance(wanted, list) and name in ("extras", "groups", "packages", "build_packages"):
            wanted = sorted(wanted)
        if wanted is None and said is None:
            continue
        if wanted == said:
            verdicts[name] = "right", wanted, said
        elif wanted is None:
            verdicts[name] = "invented", wanted, said
        else:
            verdicts[name] = ("missed" if said is None else "wrong"), wanted, said
    return verdicts
