"""Adds what daemons' files state: systemd units, supervisord, uwsgi.ini, s6, scripts of pyproject, the Makefile."""

from __future__ import annotations

import configparser
import posixpath
import re
from typing import TYPE_CHECKING

from cloudgen.dataclass import replace
from cloudgen.detect.facts import line_of
from cloudgen.detect.metadata.toml import table, toml
from cloudgen.detect.stated.platforms import role_by_name, state
from cloudgen.detect.stated.process import Process, Role
from cloudgen.detect.stated.scripts import follow
from cloudgen.detect.stated.servers import as_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudgen.detect.stated.statement import Stated
    from cloudgen.detect.tree import Tree


def add(tree: Tree, stated: Stated) -> None:
    """Read the files of every supervisor."""
    for file in tree.named("*.service"):
        _systemd(tree, stated, file)
    for file in tree.named("supervisord*.conf", "supervisor*.conf", "supervisord*.ini", "supervisor*.ini"):
        _supervisor(tree, stated, file)
    for file in tree.named("*.ini"):
        if "[uwsgi]" in (tree.text(file) or ""):
            stated.processes += uwsgi(tree, file)
    for file in tree.named("run"):
        if re.search(r"s6|services\.d|runit|/sv/|service/", file) and (text := tree.text(file)):
            name = posixpath.basename(posixpath.dirname(file)).removeprefix("svc-")
            for process in follow(tree, ("sh", "-c", text), f"{file}:1", {}):
                line = line_of(text, process.command[0])
                stated.processes.append(replace(process, kind="s6", name=name, evidence=f"{file}:{line}"))
    _project_scripts(tree, stated)
    _makefile(tree, stated)


def _lines(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield line number, key and value; a value goes on where `\\` ends the line."""
    pending: tuple[int, str, str] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if pending:
            value = f"{pending[2]} {line.strip()}"
            pending = (pending[0], pending[1], value.rstrip("\\").rstrip())
            if not line.rstrip().endswith("\\"):
                yield pending
                pending = None
            continue
        key, equals, value = line.partition("=")
        if equals and not line.lstrip().startswith(("#", ";")):
            found = (number, key.strip(), value.strip().rstrip("\\").rstrip())
            if line.rstrip().endswith("\\"):
                pending = found
            else:
                yield found


def _systemd(tree: Tree, stated: Stated, file: str) -> None:
    name = posixpath.basename(file).removesuffix(".service")
    for number, key, value in _lines(tree.text(file) or ""):
        if key in ("ExecStart", "ExecStartPre"):
            value = re.sub(r"^[-@:+!]+", "", value)
            value = re.sub(r"%[a-zA-Z]", "", value)
            role = "web" if re.search(r"web|http|gunicorn|uvicorn|server|app", name) else role_by_name(name)
            state(tree, stated, value, f"{file}:{number}", "systemd", name, None if key == "ExecStartPre" else role)


def _supervisor(tree: Tree, stated: Stated, file: str) -> None:
    text = tree.text(file) or ""
    parser = configparser.ConfigParser(interpolation=None, strict=False, inline_comment_prefixes=(";",))
    try:
        parser.read_string(text)
    except configparser.Error as error:
        tree.notes.append(f"{file} was not understood: {str(error).splitlines()[0]}")
        return
    for section in parser.sections():
        kind, _, program = section.partition(":")
        command = " ".join(parser.get(section, "command", fallback="").split())
        if kind not in ("program", "fcgi-program") or not command or _OTHERS.search(command):
            continue
        line = line_of(text, f"[{section}]")
        start = text.splitlines()[line:]
        line += next((number for number, item in enumerate(start, 1) if re.match(r"\s*command\s*=", item)), 0)
        command = re.sub(r"%\(ENV_(\w+)\)s", r"${\1}", command)
        state(tree, stated, command, f"{file}:{line}", "supervisord", program.strip(), _daemon_role(program))


_OTHERS = re.compile(r"nginx|sshd|cron\b|redis-server|postgres")
"""Programs that a supervisor starts beside the application."""


def _daemon_role(name: str) -> Role:
    return "web" if re.search(r"web|http|gunicorn|uvicorn|server|app|asgi|wsgi", name) else role_by_name(name)


def uwsgi(tree: Tree, file: str) -> list[Process]:
    """Return the processes of a uwsgi.ini: the application, and the daemons that it attaches."""
    text = tree.text(file) or ""
    settings = {key: (value, number) for number, key, value in _lines(text)}
    found: list[Process] = []
    stated = settings.get("module") or settings.get("wsgi") or settings.get("wsgi-file") or settings.get("mount")
    port = None
    for key in ("http", "http-socket", "socket", "http11-socket"):
        if key in settings and (match := re.search(r"(\d{2,5})$", settings[key][0])):
            port = int(match[1])
    if stated:
        callable_ = settings.get("callable", ("application", 0))[0]
        app = as_app(stated[0].rpartition("=")[2].strip(), callable_)
        folder = re.sub(r"^/(app|code|srv|src|home/\w+|opt/\w+)/?", "", settings.get("chdir", ("", 0))[0])
        folder = "" if re.search(r"[%$]", folder) else folder.strip("/.")
        found.append(
            Process(
                "web",
                ("uwsgi", "--ini", file),
                f"{file}:{stated[1]}",
                "uwsgi.ini",
                "web",
                "uwsgi",
                app,
                "wsgi",
                port,
                folder,
            )
        )
    for number, key, value in _lines(text):
        if key in ("attach-daemon", "attach-daemon2", "smart-attach-daemon", "legion-attach-daemon"):
            command = value.partition("cmd=")[2] or value
            for process in follow(tree, ("sh", "-c", command), f"{file}:{number}", {}):
                role = process.role if process.role != "other" else "worker"
                found.append(replace(process, role=role, kind="uwsgi.ini", name=process.command[-1]))
    return found


def _project_scripts(tree: Tree, stated: Stated) -> None:
    """Scripts of pdm, poe, taskipy and hatch are command lines; console scripts are functions."""
    for file in tree.named("pyproject.toml"):
        text, data = toml(tree, file)
        folder = posixpath.dirname(file)
        for keys in (
            ("pdm", "scripts"),
            ("poe", "tasks"),
            ("taskipy", "tasks"),
            ("hatch", "envs", "default", "scripts"),
        ):
            for name, task in table(data, "tool", *keys).items():
                if re.search(r"dev|test|lint|fmt|format|watch|debug|doc", name):
                    continue
                command = task.get("cmd") or task.get("shell") if isinstance(task, dict) else task
                number = line_of(text, str(command).splitlines()[0][:40]) if isinstance(command, str) and command else 1
                state(tree, stated, command, f"{file}:{number}", "script", name, folder=folder)


def _makefile(tree: Tree, stated: Stated) -> None:
    text = tree.text("Makefile") or ""
    for match in re.finditer(r"^(run|serve|start|server|web|worker|celery|prod)\s*:[^=]", text, re.MULTILINE):
        for process in follow(tree, ("make", match[1]), "Makefile:1", {}):
            if process.role != "other":
                stated.processes.append(replace(process, kind="makefile", name=match[1]))


def console_scripts(tree: Tree, folder: str) -> dict[str, tuple[str, str]]:
    """Return the console scripts of a project: name -> (module:function, evidence)."""
    file = posixpath.join(folder, "pyproject.toml")
    text, data = toml(tree, file)
    found: dict[str, tuple[str, str]] = {}
    for keys in (("project", "scripts"), ("tool", "poetry", "scripts")):
        for name, target in table(data, *keys).items():
            if isinstance(target, str):
                found[name] = target, f"{file}:{line_of(text, target)}"
    file = posixpath.join(folder, "setup.cfg")
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(tree.text(file) or "")
        listed = parser.get("options.entry_points", "console_scripts", fallback="")
    except configparser.Error:
        listed = ""
    for line in listed.splitlines():
        name, equals, target = line.partition("=")
        if equals:
            found.setdefault(name.strip(), (target.strip(), f"{file}:{line_of(tree.text(file) or '', target.strip())}"))
    file = posixpath.join(folder, "setup.py")
    for match in re.finditer(r"""["']([\w-]+)\s*=\s*([\w.]+:[\w.]+)["']""", tree.text(file) or ""):
        found.setdefault(match[1], (match[2], f"{file}:{line_of(tree.text(file) or '', match[2])}"))
    return found
