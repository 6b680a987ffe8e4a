"""Which process answers requests, with which options, and how to find out whether it works."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cloudgen.spec.build import Build
from cloudgen.spec.containers import Container, HealthCheck
from cloudgen.stack import contract

GRACE = 8
"""Seconds that requests get to finish after SIGTERM; Cloud Run sends SIGKILL after 10, ECS after 30."""

KEEP_ALIVE = 620
"""Seconds that an idle connection stays open: longer than at the load balancer in front, or requests are lost.

An ALB keeps idle connections for 60 seconds, Google's load balancers for 600.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#connection-idle-timeout,
https://cloud.google.com/load-balancing/docs/https/request-distribution#timeouts
"""

THREADS = 8
"""Requests that one gunicorn worker serves at a time."""

GUNICORN_TIMEOUT = 30
"""Seconds without a heartbeat after which gunicorn kills a worker by default."""

OLDEST = {"uvicorn": (0, 31), "gunicorn": (19, 9)}
"""The first version that behaves with the options below: uvicorn 0.31 is the first that knows networks in
`--forwarded-allow-ips`, before, no proxy is believed and every redirect leads to http.
https://www.uvicorn.org/release-notes/
"""


MODULES = "/usr/local/lib/wsgi"
"""The folder of the module that tells a WSGI application the client's address."""


def server_package(build: Build) -> str:
    """The package that serves the application; it comes from the application's own lock."""
    return {"asgi": "uvicorn", "wsgi": "gunicorn"}[build.interface]


def server_command(build: Build, port: int, vcpu: float, start: int = HealthCheck().grace_period) -> tuple[str, ...]:
    """The command that serves an application, with one process for each whole vCPU.

    `start` is how many seconds the application may take to be imported.
    """
    workers = _workers(vcpu)
    if build.interface == "wsgi":
        return _gunicorn(build, port, workers, start)
    return _uvicorn(build, port, workers)


def server_environment(container: Container, vcpu: float) -> Mapping[str, str]:
    """The variables of an image whose containers answer requests: the server's options, or what another one reads.

    uvicorn kills a worker of several that does not answer it for 5 seconds, which an import may take. The option is
    from 0.37 on; as a variable, older versions pass it over. Whose headers count, a platform may know better.
    https://www.uvicorn.org/settings/#timeouts
    """
    build = container.build_or_default
    trusted = {contract.FORWARDED: ",".join(contract.PROXIES)}
    if build is None or container.command is not None or build.interface == "wsgi" or _workers(vcpu) == 1:
        return trusted
    return {**trusted, "UVICORN_TIMEOUT_WORKER_HEALTHCHECK": str(container.health_check.grace_period)}


def needs_client_address(build: Build) -> bool:
    """Whether the server leaves the client's address in X-Forwarded-For: gunicorn does.

    https://docs.gunicorn.org/en/stable/deploy.html (behind a proxy)
    """
    return build.interface == "wsgi"


def _workers(vcpu: float) -> int:
    return max(1, int(vcpu))


def _uvicorn(build: Build, port: int, workers: int) -> tuple[str, ...]:
    is_factory = build.app.endswith("()")
    return (
        "uvicorn",
        build.app.removesuffix("()"),
        *(["--factory"] if is_factory else []),
        *("--host", "0.0.0.0"),  # noqa: S104  # a container's port is reached from outside of it
        *("--port", str(port)),
        *(["--workers", str(workers)] if workers > 1 else []),
        "--proxy-headers",
        "--no-server-header",
        *("--timeout-keep-alive", str(KEEP_ALIVE)),
        *("--timeout-graceful-shutdown", str(GRACE)),
    )


def _gunicorn(build: Build, port: int, workers: int, start: int) -> tuple[str, ...]:
    return (
        "gunicorn",
        *("--bind", f"0.0.0.0:{port}"),
        *("--workers", str(workers)),
        *("--threads", str(THREADS)),
        # A worker that imports has no heartbeat: after this time it is killed.
        *("--timeout", str(max(start, GUNICORN_TIMEOUT))),
        # Heartbeats are written to memory: a file on a slow disk stops the worker that waits for it.
        *("--worker-tmp-dir", "/dev/shm"),  # noqa: S108
        # Only https or not is taken from the headers here. Versions before 24.1 know no networks.
        *("--forwarded-allow-ips", "*"),
        *("--pythonpath", MODULES),
        *("--access-logfile", "-"),
        *("--keep-alive", str(KEEP_ALIVE)),
        *("--graceful-timeout", str(GRACE)),
        f"behind_balancer:application('{build.app}')",
    )


def package_check(build: Build) -> tuple[str, ...]:
    """A command for the build that ends with one clear line when the server is not installed, or too old."""
    package = server_package(build)
    how = {
        "pip": f"add {package} to {build.requirements[0]}",
        "uv": f"run: uv add {package}",
        "poetry": f"run: poetry add {package}",
        "pdm": f"run: pdm add {package}",
        "pipenv": f"run: pipenv install {package}",
    }[build.package_manager]
    where = {
        "pip": "",
        "pipenv": ", or name the category that has it in build.groups",
    }.get(build.package_manager, ", or name the extra or group that has it in build.extras or build.groups")
    missing = f"{package} is needed to serve the application and is not among the packages of the image: {how}{where}"
    oldest = ".".join(map(str, OLDEST[package]))
    old = f"{package} {oldest} or newer is needed to serve the application, and this is "
    code = (
        "import importlib.metadata, importlib.util, re, sys; "
        f"importlib.util.find_spec('{package}') or sys.exit('{missing}'); "
        f"found = importlib.metadata.version('{package}'); "
        f"tuple(map(int, re.findall('[0-9]+', found)[:2])) >= {OLDEST[package]} or sys.exit('{old}' + found)"
    )
    return ("/opt/venv/bin/python", "-c", code)


def http_check(port: int, check: HealthCheck) -> tuple[str, ...]:
    """A command that fails unless the path answers as it should. It uses no proxy, whatever the environment says."""
    headers = f", headers={{'Host': '{check.host}'}}" if check.host else ""
    code = (
        "import http.client, sys; "
        f"connection = http.client.HTTPConnection('127.0.0.1', {port}, timeout={check.timeout}); "
        f"connection.request('GET', '{check.path}'{headers}); "
        f"sys.exit(connection.getresponse().status {_not_in(check.successes)})"
    )
    return ("python", "-c", code)


def _not_in(successes: Sequence[range]) -> str:
    """The rest of an expression of Python that is true for a status that is no success."""
    if len(successes) == len(successes[0]) == 1:
        return f"!= {successes[0].start}"
    return f"not in ({', '.join(_codes(each) for each in successes)},)"


def _codes(each: range) -> str:
    return str(each.start) if len(each) == 1 else f"*range({each.start}, {each.stop})"


def process_check() -> tuple[str, ...]:
    """A command that fails while a process of the container is stopped or dead (states T, t, X and Z of proc(5))."""
    code = (
        "import glob, sys; "
        "sys.exit(any(open(stat).read().rpartition(')')[2].split()[0] in 'TtXZ' "
        "for stat in glob.glob('/proc/[0-9]*/stat')))"
    )
    return ("python", "-c", code)
