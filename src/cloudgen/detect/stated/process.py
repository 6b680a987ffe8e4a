"""One process that a repository states, and what its command says: role, server, application, port."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Literal

from cloudgen.dataclass import dataclass, field, replace
from cloudgen.detect.stated import servers
from cloudgen.detect.stated.shell import expand, split

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Role = Literal["web", "worker", "scheduler", "migration", "build", "other"]

_WRAPPERS: dict[str, int] = {
    # program -> number of its own words that follow before the wrapped command
    "exec": 0,
    "env": 0,
    "nohup": 0,
    "setsid": 0,
    "time": 0,
    "command": 0,
    "ddtrace-run": 0,
    "dumb-init": 0,
    "opentelemetry-instrument": 0,
    "pgbouncer": 0,
    "start-nginx": 0,
    "start-pgbouncer": 0,
    "start-stunnel": 0,
    "gosu": 1,
    "su-exec": 1,
    "setpriv": 0,
    "chpst": 0,
    "nice": 0,
    "stdbuf": 0,
    "tini": 0,
    "catatonit": 0,
    "sudo": 0,
    "timeout": 1,
    "chamber": 2,
    "aws-vault": 2,
    "s6-setuidgid": 1,
    "runuser": 0,
    "xvfb-run": 0,
    "start-pgbouncer-stunnel": 0,
    "honcho": 0,
    "dockerize": 0,
    "sentry-cli": 0,
    "py-spy": 0,
    "mprof": 0,
    "firelens": 0,
    "with-contenv": 0,
}
_RUNNERS = frozenset(
    {"uv", "poetry", "pipenv", "pdm", "hatch", "rye", "doppler", "newrelic-admin", "watchmedo", "conda"}
)
_BUILTINS = frozenset(
    {
        "set",
        "echo",
        "cd",
        "export",
        "sleep",
        "mkdir",
        "source",
        ".",
        "trap",
        "test",
        "[",
        "[[",
        "true",
        "false",
        "return",
        "exit",
        "local",
    }
    | {
        "unset",
        "shift",
        "wait",
        "printf",
        "read",
        "chown",
        "chmod",
        "rm",
        "cp",
        "ln",
        "touch",
        "nc",
        "curl",
        "break",
        "continue",
        "cat",
    }
    | {
        "find",
        "mv",
        "ls",
        "until",
        "for",
        "case",
        "tail",
        "id",
        "whoami",
        "ulimit",
        "umask",
        "declare",
        "function",
        "let",
        ":",
    }
)
_SEPARATED = frozenset({"tini", "dumb-init", "dockerize", "wait-for-it.sh", "wait-for-it", "wait-for.sh", "wait-for"})
_VALUED = frozenset(
    {"--package", "--extra", "--group", "--with", "--python", "-p", "-E", "-n", "--env-file", "--project"}
)


@dataclass(frozen=True)
class Process:
    """A command as it is stated, in words, with what it means.

    `kind` is the sort of file that states it (`dockerfile`, `procfile`, ...), `name` what that file calls it.
    `folder` is the folder of the repository that it starts in, where that is known.
    """

    role: Role
    command: tuple[str, ...]
    evidence: str
    kind: str = ""
    name: str = ""
    server: str | None = None
    app: str | None = None
    interface: Literal["asgi", "wsgi"] | None = None
    port: int | None = None
    folder: str = ""
    schedule: str | None = None
    is_for_developers: bool = False
    config: str | None = None
    has_other_worker: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)


def unwrap(words: tuple[str, ...], values: dict[str, str]) -> tuple[str, ...]:
    """Return the command that wrappers such as `exec`, `tini --` or `uv run` start; `values` takes what is set."""
    words = tuple(words)
    for _ in range(12):
        if not words:
            return words
        head, program = words[0], posixpath.basename(words[0])
        if re.fullmatch(r"[A-Za-z_]\w*=.*", head, re.DOTALL):
            name, _, value = head.partition("=")
            values[name] = value
            words = words[1:]
        elif program in _SEPARATED and "--" in words:
            words = words[words.index("--") + 1 :]
        elif program in _RUNNERS and (inner := _after_run(words)):
            words = inner
        elif program in _WRAPPERS:
            words = _after_options(words[1:])[_WRAPPERS[program] :]
        elif program in ("sh", "bash", "ash", "dash") and _flag_c(words):
            return words
        elif re.fullmatch(r"python[\d.]*", program) and "-m" in words[:4]:
            words = words[words.index("-m") + 1 :]
            return ("python-m", *words) if words and not _is_program(words[0]) else words
        else:
            return (program, *words[1:])
    return words


def is_started(word: str) -> bool:
    """Whether a word names a program that is known, so that what stands before it is some wrapper."""
    return _is_program(posixpath.basename(word)) or bool(re.fullmatch(r"python[\d.]*", posixpath.basename(word)))


def _is_program(module: str) -> bool:
    return module in servers.SERVERS or module in servers.TOOLS


def _after_run(words: tuple[str, ...]) -> tuple[str, ...]:
    """`poetry run x`, `uv run --no-sync x`, `watchmedo auto-restart -d . -- x`, `newrelic-admin run-program x`."""
    if "--" in words:
        return words[words.index("--") + 1 :]
    if len(words) > 2 and words[1] in ("run", "run-program", "tool"):
        return _after_options(words[2:])
    return ()


def _after_options(words: tuple[str, ...]) -> tuple[str, ...]:
    while words and words[0].startswith("-"):
        if words[0] == "--":
            return words[1:]
        words = words[2:] if words[0] in _VALUED else words[1:]
    return words


def _flag_c(words: tuple[str, ...]) -> bool:
    return len(words) > 2 and words[1].startswith("-") and words[1].endswith("c")


def inner_script(words: tuple[str, ...]) -> str | None:
    """Return the text that `sh -c` runs."""
    return (
        words[2] if words and posixpath.basename(words[0]) in ("sh", "bash", "ash", "dash") and _flag_c(words) else None
    )


def understand(words: tuple[str, ...], evidence: str, values: Mapping[str, str]) -> Process | None:
    """Return what a command is; None where it is nothing that says anything about the application."""
    known = dict(values)
    bare = unwrap(tuple(expand(word, known) for word in words), known)
    bare = _plain(word for word in bare if word not in ("$@", '"$@"', "$*", "$EXTRA_ARGS") and word)
    if not bare or bare[0] in _BUILTINS:
        return None
    process = Process("other", bare if bare[0] != "python-m" else ("python", "-m", *bare[1:]), evidence)
    if background := servers.background(bare):
        return replace(process, role=background)
    started = servers.server(bare, known)
    if started is None:
        return process
    return replace(
        process,
        role="web",
        server=started.server,
        app=started.app,
        interface=started.interface,
        port=started.port,
        folder=started.folder,
        is_for_developers=started.is_for_developers,
        config=started.config,
        has_other_worker=started.has_other_worker,
    )


def _plain(words: Iterable[str]) -> tuple[str, ...]:
    """Name python and manage.py without the folders that they have on somebody's machine."""
    return tuple(
        "python"
        if re.fullmatch(r"(?:\S*/)?python3?(?:\.\d+)?", word)
        else "manage.py"
        if word.endswith("/manage.py")
        else word
        for word in words
    )


def words_of(command: object) -> tuple[str, ...]:
    """Return a command of YAML, TOML or JSON as words: a list, or a text that is split."""
    if isinstance(command, list):
        return tuple(str(word) for word in command)
    return tuple(split(str(command))) if command else ()
