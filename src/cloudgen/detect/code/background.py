"""Workers and schedulers that nothing states, by the objects that the source code makes."""

from __future__ import annotations

import ast
import posixpath
import re
from typing import TYPE_CHECKING

from cloudgen.dataclass import dataclass
from cloudgen.detect.code.modules import Code, Module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cloudgen.detect.code.django import Django
    from cloudgen.detect.metadata.requirements import Requirement

_MARKER = re.compile(
    rb"Celery\(|WorkerSettings|dramatiq|Huey\(|taskiq|Broker\(|procrastinate|saq|shared_task|BlockingScheduler"
)
_DJANGO = {
    "django-rq": "rqworker",
    "django-q": "qcluster",
    "django-q2": "qcluster",
    "django-background-tasks": "process_tasks",
    "django-tasks": "db_worker",
    "django-dramatiq": "rundramatiq",
}


@dataclass(frozen=True)
class Found:
    """A command that nothing states, but that the code is made for."""

    role: str
    command: tuple[str, ...]
    evidence: str


def background(
    code: Code, packages: Mapping[str, Requirement], django: Django, dotted: Callable[[str], str]
) -> Iterator[Found]:
    """Yield the workers and schedulers. `dotted` gives the name of a file's module."""
    if django.manage:
        for package, command in _DJANGO.items():
            if package in packages:
                yield Found("worker", ("python", "manage.py", command), packages[package].evidence)
        if "huey" in packages and (place := django.mentions("huey.contrib.djhuey")):
            yield Found("worker", ("python", "manage.py", "run_huey"), place)
    for file in code.containing(_MARKER):
        module = code.module(file)
        if module is not None:
            yield from _of_module(code, module, packages, django, dotted)


def _of_module(  # noqa: C901 - one branch a library
    code: Code, module: Module, packages: Mapping[str, Requirement], django: Django, dotted: Callable[[str], str]
) -> Iterator[Found]:
    name = dotted(module.file)
    for target, nodes in module.definitions.items():
        node = nodes[-1]
        if isinstance(node, ast.ClassDef) and target == "WorkerSettings" and "arq" in packages:
            yield Found("worker", ("arq", f"{name}.{target}"), module.at(node))
        called = code.resolve(module, node.func) if isinstance(node, ast.Call) else None
        if not isinstance(called, str):
            continue
        if called in ("celery.Celery", "celery.app.base.Celery"):
            app = name.removesuffix(".celery") if posixpath.basename(module.file) == "celery.py" else f"{name}.{target}"
            yield Found("worker", ("celery", "-A", app, "worker"), module.at(node))
            if place := _beat(module, packages, django):
                yield Found("scheduler", ("celery", "-A", app, "beat"), place)
        elif re.fullmatch(r"(huey\.\w*Huey|huey\.Huey)", called) and not django.manage:
            yield Found("worker", ("huey_consumer", f"{name}.{target}"), module.at(node))
        elif called.startswith(("taskiq", "taskiq_")) and called.endswith("Broker"):
            yield Found("worker", ("taskiq", "worker", f"{name}:{target}"), module.at(node))
        elif called == "procrastinate.App":
            yield Found("worker", ("procrastinate", f"--app={name}.{target}", "worker"), module.at(node))
        elif called.startswith("apscheduler.") and called.endswith("BlockingScheduler"):
            yield Found("scheduler", ("python", "-m", name), module.at(node))
    if "dramatiq" in packages and not django.manage:
        brokers = [
            call for call in module.calls if isinstance(call.func, ast.Attribute) and call.func.attr == "set_broker"
        ]
        if brokers and any(imported.partition(".")[0] == "dramatiq" for imported in module.imported):
            yield Found("worker", ("dramatiq", name), module.at(brokers[0]))


def _beat(module: Module, packages: Mapping[str, Requirement], django: Django) -> str | None:
    """Return the place that says that tasks are run by the clock."""
    for name in ("django-celery-beat", "celery-redbeat", "celery-sqlalchemy-scheduler"):
        if name in packages:
            return packages[name].evidence
    for node in module.nodes:
        if isinstance(node, ast.Attribute) and node.attr == "beat_schedule":
            return module.at(node)
        if isinstance(node, ast.keyword) and node.arg == "beat_schedule":
            return module.at(node.value)
    found = django.setting("CELERY_BEAT_SCHEDULE") if django.manage else None
    return found[0].at(found[1]) if found else None
