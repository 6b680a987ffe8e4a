"""The processes beside the one that serves: workers, schedulers, jobs, and the command that migrates."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from cloudgen.detect.application import Application, Background, Finding
from cloudgen.detect.code.background import background
from cloudgen.detect.facts import Fact, place
from cloudgen.detect.metadata.toml import table, toml

if TYPE_CHECKING:
    from cloudgen.detect.reading import Reader
    from cloudgen.detect.stated.process import Process


def add_background(application: Application, reader: Reader) -> None:
    """Find workers, schedulers and the migration command: what is stated, else what the code is made for."""
    processes = [item for item in reader.stated.processes if item.kind != "makefile"]
    seen: set[tuple[str, ...]] = set()
    for process in processes:
        key = _essence(process)
        if (
            process.role not in ("worker", "scheduler")
            or key in seen
            or process.is_for_developers
            or _is_ours_no_more(process)
        ):
            continue
        seen.add(key)
        role = "job" if process.schedule else process.role
        _remember(
            application,
            Background(
                _name(application, process.name, process.role),
                process.command,
                role,
                process.evidence,
                process.schedule,
            ),
        )
    if not application.workers:
        for found in background(
            reader.code,
            reader.project.packages,
            reader.django,
            lambda file: reader.roots.dotted(file, reader.roots.root(file)),
        ):
            key = (*found.command[:1], found.role)
            if key not in seen:
                seen.add(key)
                _remember(
                    application,
                    Background(_name(application, "", found.role), found.command, found.role, found.evidence),
                )
    migration = next(
        (Fact(item.command, item.evidence) for item in reader.stated.processes if item.role == "migration"), None
    )
    migration = migration or _migration(reader)
    if migration:
        application.migration = migration.value
        application.note("migration", Fact(" ".join(migration.value), migration.evidence))


def _is_ours_no_more(process: Process) -> bool:
    """Programs that supervisors start beside the application, and that no container needs."""
    return posixpath.basename(process.command[0]) in (
        "nginx",
        "cron",
        "crond",
        "sshd",
        "redis-server",
        "npm",
        "node",
        "yarn",
        "tail",
        "echo",
    )


def _remember(application: Application, found: Background) -> None:
    application.workers.append(found)
    application.findings.append(Finding(found.role, f"{found.name}: {' '.join(found.command)}", found.evidence))


def _essence(process: Process) -> tuple[str, ...]:
    """The same worker is often stated twice, with other options for logs."""
    words = [re.sub(r"^.*/", "", word) for word in process.command]
    kept = []
    for index, word in enumerate(words):
        before = words[index - 1] if index else ""
        if re.match(
            r"(-l|--loglevel|--log-level|-c|--concurrency|--pidfile|-s|--scheduler|--schedule|--processes|--threads|-P|--pool|--watch)(=|$)",
            word,
        ):
            continue
        if re.fullmatch(
            r"-l|--loglevel|--log-level|-c|--concurrency|--pidfile|-s|--scheduler|--schedule|--processes|--threads|-P|--pool|--watch",
            before,
        ):
            continue
        kept.append(word)
    return tuple(kept)


def _name(application: Application, stated: str, role: str) -> str:
    """Return a name of the spec that no other container has."""
    plain = re.sub(r"[^a-z0-9]+", "-", stated.lower()).strip("-0123456789")[:20].strip("-") if stated else ""
    plain = plain if len(plain) > 1 and plain != "web" else ("beat" if role == "scheduler" else "worker")
    taken = {"web", "db", "cache", "files", *(item.name for item in application.workers)}
    name, number = plain, 2
    while name in taken:
        name, number = f"{plain}-{number}", number + 1
    return name


def _migration(reader: Reader) -> Fact[tuple[str, ...]] | None:
    packages = reader.project.packages
    has_django = "django" in packages or bool(reader.django.settings_module)
    if reader.django.manage and has_django:
        return Fact(("python", "manage.py", "migrate"), f"{reader.django.manage}:1")
    if found := next((packages[name] for name in ("flask-migrate", "flask-alembic") if name in packages), None):
        return Fact(("flask", "db", "upgrade"), found.evidence)
    for file in reader.tree.named("alembic.ini"):
        return Fact(("alembic", "upgrade", "head"), f"{file}:1")
    for file in reader.tree.named("pyproject.toml"):
        text, data = toml(reader.tree, file)
        if table(data, "tool", "aerich"):
            return Fact(("aerich", "upgrade"), place(file, text, "[tool.aerich]"))
    for file in reader.tree.named("piccolo_conf.py"):
        return Fact(("piccolo", "migrations", "forwards", "all"), f"{file}:1")
    return None
