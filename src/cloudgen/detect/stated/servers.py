"""Programs that serve, work, migrate or build, and how their command lines say which application they run."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Literal

from cloudgen.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

Interface = Literal["asgi", "wsgi"]
Background = Literal["worker", "scheduler", "migration", "build", "other"]

SERVERS: dict[str, Interface | None] = {
    "gunicorn": "wsgi",
    "uvicorn": "asgi",
    "hypercorn": "asgi",
    "daphne": "asgi",
    "granian": None,
    "uwsgi": "wsgi",
    "waitress-serve": "wsgi",
    "waitress": "wsgi",
    "fastapi": "asgi",
    "flask": "wsgi",
    "quart": "asgi",
    "litestar": "asgi",
    "sanic": "asgi",
    "nginx-unit": None,
    "mod_wsgi-express": "wsgi",
}
TOOLS = frozenset(
    {
        "celery",
        "rq",
        "dramatiq",
        "arq",
        "saq",
        "taskiq",
        "huey_consumer",
        "alembic",
        "aerich",
        "piccolo",
        "procrastinate",
    }
    | {"pytest", "pip", "rqscheduler", "rqworker", "huey_consumer.py", "streamlit", "periodiq", "django", "flower"}
)
_MODULE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_APP = re.compile(rf"({_MODULE.pattern}):([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)(\(.*\))?")
_PORT = re.compile(r"(?:^|[:\]=])(\d{2,5})$")
_OTHER_WORKER = re.compile(r"aiohttp|tornado", re.IGNORECASE)
_NO_VALUE = frozenset(
    {"--preload", "--reload", "--factory", "--access-log", "--no-access-log", "--proxy-headers", "--capture-output"}
    | {
        "--daemon",
        "--statsd",
        "-R",
        "--use-colors",
        "--debug",
        "--master",
        "--die-on-term",
        "--enable-threads",
        "--call",
    }
    | {"--enable-stdio-inheritance", "--reuse-port", "--no-sendfile", "--expose-tracebacks"}
)

_DJANGO: dict[str, Background] = {
    "migrate": "migration",
    "migrate_schemas": "migration",
    "collectstatic": "build",
    "compilemessages": "build",
    "compress": "build",
    "rqworker": "worker",
    "rqscheduler": "scheduler",
    "qcluster": "worker",
    "run_huey": "worker",
    "db_worker": "worker",
    "process_tasks": "worker",
    "rundramatiq": "worker",
    "runworker": "worker",
    "procrastinate": "worker",
    "sendalerts": "worker",
    "run_worker": "worker",
    "runapscheduler": "scheduler",
    "scheduler": "scheduler",
    "crontab": "other",
}


@dataclass(frozen=True)
class Started:
    """What the command line of a server says."""

    server: str
    app: str | None
    interface: Interface | None
    port: int | None
    folder: str = ""
    is_for_developers: bool = False
    config: str | None = None
    has_other_worker: bool = False
    """Whether gunicorn is told a worker that speaks neither ASGI nor WSGI: only its own command serves."""


def django_command(words: tuple[str, ...]) -> str | None:
    """Return the command that is given to manage.py or django-admin."""
    for index, word in enumerate(words[:4]):
        if posixpath.basename(word) in ("manage.py", "django-admin", "django-admin.py") or (
            word == "django" and words[0] == "python-m"
        ):
            rest = [item for item in words[index + 1 :] if not item.startswith("-")]
            return rest[0] if rest else None
    return None


def background(words: tuple[str, ...]) -> Background | None:  # noqa: C901 - one branch a program
    """Return the role of a command that does not serve: worker, scheduler, migration or build step."""
    program, rest = posixpath.basename(words[0]), words[1:]
    if command := django_command(words):
        return _DJANGO.get(command, None if command in ("runserver", "daphne", "runserver_plus") else "other")
    if program == "celery":
        if "beat" in rest:
            return "scheduler"
        return "worker" if "worker" in rest else "other"
    if program in ("rq", "arq", "saq", "dramatiq", "rqworker", "dramatiq-gevent", "huey_consumer", "huey_consumer.py"):
        return "other" if program == "rq" and "worker" not in rest and "worker-pool" not in rest else "worker"
    if program == "litestar" and {"workers", "run"} <= set(rest):
        return "worker"
    if program in ("taskiq", "procrastinate", "faststream", "streaq"):
        return "scheduler" if "scheduler" in rest else "worker"
    if program in ("rqscheduler", "periodiq", "rqscheduler.py"):
        return "scheduler"
    if program == "alembic" and "upgrade" in rest:
        return "migration"
    if program == "flask" and "db" in rest and "upgrade" in rest:
        return "migration"
    if program in ("aerich", "prisma") and {"upgrade", "deploy"} & set(rest):
        return "migration"
    if program == "piccolo" and "forwards" in rest:
        return "migration"
    if program == "yoyo" and "apply" in rest:
        return "migration"
    if program in ("litestar", "app") and "database" in rest and "upgrade" in rest:
        return "migration"
    if program == "pybabel" and "compile" in rest:
        return "build"
    return None


def server(words: tuple[str, ...], values: Mapping[str, str]) -> Started | None:
    """Return what a command serves; None where it starts no web server."""
    program, rest = posixpath.basename(words[0]), words[1:]
    if django_command(words) in ("runserver", "runserver_plus"):
        return Started("runserver", None, None, _django_port(words), is_for_developers=True)
    if program not in SERVERS or (program == "python-m"):
        return _script(words)
    if program in ("flask", "quart", "litestar", "fastapi") and not {"run", "dev"} & set(rest):
        return None
    options = _options(rest)
    interface = _interface(program, options)
    started_app = _application(program, rest, options, values)
    folder = next(
        (options[name] for name in ("--chdir", "--app-dir", "--pythonpath", "--working-dir") if name in options), ""
    )
    is_for_developers = program in ("flask", "quart") or "dev" in rest[:1] or "--reload" in rest or "--debug" in rest
    config = options.get("-c") or options.get("--config") or options.get("--ini")
    if program == "uwsgi" and config is None:
        config = next((word for word in rest if word.endswith((".ini", ".yaml"))), None)
    return Started(
        program,
        started_app,
        interface,
        _port(program, options, rest, values),
        folder.strip("/."),
        is_for_developers,
        config,
        program == "gunicorn" and bool(_OTHER_WORKER.search(options.get("-k") or options.get("--worker-class") or "")),
    )


def _options(words: tuple[str, ...]) -> dict[str, str]:
    """Return options with their values: `--bind x`, `--bind=x`, `-b x`."""
    found: dict[str, str] = {}
    for index, word in enumerate(words):
        if word.startswith("-"):
            name, equals, value = word.partition("=")
            following = words[index + 1] if index + 1 < len(words) else ""
            found[name] = value if equals else ("" if name in _NO_VALUE or following.startswith("--") else following)
    return found


def _interface(program: str, options: Mapping[str, str]) -> Interface | None:
    worker = options.get("-k") or options.get("--worker-class") or ""
    if program == "gunicorn" and re.search(r"uvicorn|hypercorn|asgi", worker, re.IGNORECASE):
        return "asgi"
    stated = options.get("--interface", "")
    if program in ("granian", "uvicorn") and stated:
        return "wsgi" if stated.startswith("wsgi") else "asgi"
    return "asgi" if program == "granian" else SERVERS[program]


def _application(
    program: str, words: tuple[str, ...], options: Mapping[str, str], values: Mapping[str, str]
) -> str | None:
    if program in ("flask", "quart", "litestar"):
        stated = options.get("--app") or options.get("-A") or values.get(f"{program.upper()}_APP")
        return as_app(stated, None) if stated else None
    if program == "uwsgi":
        stated = options.get("--module") or options.get("-w")
        return as_app(stated, "application") if stated else _wsgi_file(options)
    if program == "fastapi":
        file = next((word for word in words if word.endswith(".py")), None)
        return f"{file[:-3].removeprefix('./').replace('/', '.')}:" if file else None
    is_factory = "--factory" in words or "--call" in words
    for index, word in enumerate(words):
        before = words[index - 1] if index else ""
        is_value = before.startswith("-") and before != "-" and "=" not in before and before not in _NO_VALUE
        if match := _APP.fullmatch(word):
            if not (is_value and before in ("-b", "--bind", "-c", "--config", "-k", "--host")):
                return f"{match[1]}:{match[2]}" + ("()" if is_factory else _call(match[3]))
        elif not is_value and "." in word and _MODULE.fullmatch(word):
            return f"{word}:{'app' if program == 'waitress-serve' else 'application'}"
        elif not is_value and not word.startswith("-") and _MODULE.fullmatch(word) and word not in ("run", "serve"):
            return f"{word}:application"
    return None


def _call(arguments: str | None) -> str:
    """A factory that is called with arguments keeps them, so that whoever reads sees that the spec cannot say it."""
    return arguments or ""


def as_app(stated: str, default: str | None) -> str:
    """Return module:object for what FLASK_APP and its like say: a module, a file, or both; empty object: unknown."""
    module, _, name = stated.partition(":")
    module = module.removeprefix("./").removesuffix(".py").strip("/").replace("/", ".")
    return f"{module}:{name or default or ''}"


def _wsgi_file(options: Mapping[str, str]) -> str | None:
    file = options.get("--wsgi-file") or options.get("--file")
    name = options.get("--callable") or "application"
    return f"{file.removesuffix('.py').removeprefix('./').replace('/', '.')}:{name}" if file else None


def _port(program: str, options: Mapping[str, str], words: tuple[str, ...], values: Mapping[str, str]) -> int | None:
    binds = ("--port", "-p", "-b", "--bind", "--http", "--http-socket", "--socket", "--listen", "--insecure-bind")
    for name in binds:
        if (match := _PORT.search(options.get(name, ""))) and not (program == "uwsgi" and name == "-p"):
            return int(match[1])
    stated = values.get(
        {"flask": "FLASK_RUN_PORT", "uvicorn": "UVICORN_PORT", "granian": "GRANIAN_PORT"}.get(program, "")
    )
    if stated and stated.isdigit():
        return int(stated)
    return next((int(word[8:]) for word in words if re.fullmatch(r"--port=\d+", word)), None)


def _django_port(words: tuple[str, ...]) -> int | None:
    return next((int(match[1]) for word in words if (match := re.fullmatch(r"(?:[\w.\[\]]+:)?(\d{2,5})", word))), None)


def _script(words: tuple[str, ...]) -> Started | None:
    """`python run.py` and `python -m shop` may start a server of their own; whoever knows the code decides."""
    if words[0] == "python-m" and len(words) > 1 and _MODULE.fullmatch(words[1]):
        return Started("python", f"{words[1]}:", None, None)
    if re.fullmatch(r"python[\d.]*", words[0]):
        file = next((word for word in words[1:] if word.endswith(".py")), None)
        if file and posixpath.basename(file) not in ("manage.py", "setup.py"):
            return Started(
                "python", f"{file.removesuffix('.py').removeprefix('./').strip('/').replace('/', '.')}:", None, None
            )
    return None
