"""A version that cloudgen chose once stays: a newer cloudgen, with a newer default, upgrades no database by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudgen.errors import Problem

if TYPE_CHECKING:
    from cloudgen.edits.memory import Memory
    from cloudgen.spec.deployment import Deployment

ENGINE, VERSION = "engine", "version"
"""The facts of a database that are compared with the fields of these names."""


def keep_versions(deployment: Deployment, memory: Memory | None) -> tuple[Deployment, tuple[Problem, ...]]:
    """Return the deployment with the recorded major version of each database that the spec states none for.

    It is told, as a warning, where the default is another one by now.
    """
    kept: dict[str, str] = {}
    problems: list[Problem] = []
    for name, database in deployment.storage.databases.items():
        part = memory.parts.get(f"storage.databases.{name}") if memory else None
        if part is None or database.version is not None or part.facts.get(ENGINE) != database.engine:
            continue
        recorded = part.facts.get(VERSION, database.major_version)
        if recorded == database.major_version:
            continue
        kept[name] = recorded
        message = (
            f"database `{name}` stays on {database.engine} {recorded}: the default is {database.major_version} by now, "
            "and a default upgrades no database that exists"
        )
        hint = f'write version: "{recorded}", or "{database.major_version}" to upgrade'
        path = ("storage", "databases", name)
        problems.append(Problem("kept-version", message, path, "key", hint, severity="warning"))
    if not kept:
        return deployment, ()
    databases = {
        name: database.model_copy(update={"version": kept[name]}) if name in kept else database
        for name, database in deployment.storage.databases.items()
    }
    storage = deployment.storage.model_copy(update={"databases": databases})
    return deployment.model_copy(update={"storage": storage}), tuple(problems)
