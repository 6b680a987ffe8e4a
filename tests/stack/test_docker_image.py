"""The Dockerfiles: what must be in each of them, and what differs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cloudgen.spec.containers import Build
from cloudgen.stack.docker.server import http_check, package_check, process_check, server_command
from rig.parts.docker import files_of, problems_of, stack_of


def dockerfile(container: str) -> str:
    text: str = files_of(f"containers:\n  web: {container}\n")["web.Dockerfile"]
    return text


def instructions(text: str) -> list[str]:
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return "\n".join(lines).replace("\\\n", " ").splitlines()


def last_stage(text: str) -> list[str]:
    found = instructions(text)
    return found[max(number for number, line in enumerate(found) if line.startswith("FROM ")) :]


def command_of(text: str) -> list[str]:
    command: list[str] = json.loads(instructions(text)[-1].removeprefix("CMD "))
    return command


@pytest.mark.parametrize("manager", ["pip", "uv", "poetry", "pipenv"])
@pytest.mark.parametrize("interface", ["asgi", "wsgi"])
def test_what_every_dockerfile_has(manager: str, interface: str) -> None:
    text = dockerfile(f"{{build: {{package_manager: {manager}, interface: {interface}}}, port: 8000}}")
    lines = instructions(text)
    froms = [line for line in lines if line.startswith("FROM ")]
    assert len(froms) == 2
    assert all(re.fullmatch(r"FROM python:3\.12-slim-[a-z]+( AS build)?", line) for line in froms)
    assert "syntax=" not in text
    assert not any(line.startswith("ADD ") for line in lines)
    assert sum(line.startswith("COPY . .") for line in lines) == 1
    final = last_stage(text)
    assert "USER 10001:10001" in final
    assert "STOPSIGNAL SIGTERM" in final
    assert final.index("COPY --from=build /opt/venv /opt/venv") < final.index("COPY --from=build /app /app")
    assert "EXPOSE 8000" in final
    assert any(line.startswith("HEALTHCHECK --interval=15s --timeout=6s --start-period=60s") for line in final)
    assert command_of(text)[0] == {"asgi": "uvicorn", "wsgi": "gunicorn"}[interface]


@pytest.mark.parametrize(
    ("manager", "lock", "installation"),
    [
        ("pip", "requirements*.txt", "uv pip install --python /opt/venv --requirements requirements.txt"),
        ("uv", "pyproject.toml uv.lock", "uv sync --frozen --no-dev --no-install-workspace"),
        ("poetry", "pyproject.toml poetry.lock", "install --only main --no-root"),
        ("pipenv", "Pipfile Pipfile.lock", "requirements --hash"),
    ],
)
def test_packages_come_from_the_lock_before_the_sources(manager: str, lock: str, installation: str) -> None:
    lines = instructions(dockerfile(f"{{build: {{package_manager: {manager}}}, port: 8000}}"))
    install = next(number for number, line in enumerate(lines) if installation in line)
    assert lines[install - 1] == f"COPY {lock} ./"
    assert install < lines.index("COPY . .")


def test_compilers_stay_in_the_first_stage() -> None:
    text = dockerfile("{build: {packages: [libpq5, libmagic1]}, port: 8000}")
    first, second = text.split("# The image that runs")
    assert "libpq-dev" in first
    assert "gcc" in first
    assert "libmagic" not in first
    assert "libpq5" in second
    assert "libmagic1" in second
    assert "gcc" not in second
    for stage in (first, second):
        assert "--no-install-recommends" in stage
        assert "rm -rf /var/lib/apt/lists/*" in stage


def test_without_debian_packages_apt_is_not_run() -> None:
    assert "apt-get" not in dockerfile("{build: {}, port: 8000}")


def test_a_command_takes_the_place_of_the_server() -> None:
    text = dockerfile("""{build: {}, command: [python, -c, 'print("$HOME")']}""")
    assert command_of(text) == ["python", "-c", 'print("$HOME")']
    assert "uvicorn" not in text
    assert "EXPOSE" not in text
    assert "PORT=" not in text


def test_the_user_of_the_spec() -> None:
    text = dockerfile("{build: {}, port: 8000, user: 4711}")
    assert "USER 4711:4711" in text
    assert "10001" not in text


def test_an_image_or_dockerfile_of_the_user_needs_none() -> None:
    files = files_of("containers:\n  one: {image: 'nginx:1.29', port: 80}\n  two: {dockerfile: Dockerfile, port: 81}\n")
    assert set(files) == {"compose.yaml", "README.md"}


def test_a_factory_is_called_by_the_server() -> None:
    build = Build(app="shop.main:make()")
    assert server_command(build, 8000, 1)[1:3] == ("shop.main:make", "--factory")
    wsgi = Build(app="shop.main:make()", interface="wsgi")
    assert server_command(wsgi, 8000, 1)[-1] == "shop.main:make()"


@pytest.mark.parametrize(("vcpu", "workers"), [(0.25, None), (1, None), (2, "2"), (8, "8")])
def test_one_process_a_vcpu(vcpu: float, workers: str | None) -> None:
    command = server_command(Build(), 8000, vcpu)
    assert ("--workers" in command) == (workers is not None)
    if workers:
        assert command[command.index("--workers") + 1] == workers


def test_not_everybody_may_say_who_the_client_is() -> None:
    command = server_command(Build(), 8000, 1)
    assert "*" not in command[command.index("--forwarded-allow-ips") + 1]


def test_the_build_says_when_the_server_is_missing() -> None:
    present = package_check(Build())
    missing = [sys.executable, "-c", present[2].replace("find_spec('uvicorn')", "find_spec('no_such_server')")]
    run = subprocess.run(missing, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stderr == (
        "uvicorn is needed to serve the application and is not in its lock: add uvicorn to requirements.txt\n"
    )
    found = [sys.executable, "-c", present[2].replace("find_spec('uvicorn')", "find_spec('json')")]
    assert subprocess.run(found, check=False).returncode == 0


def test_the_http_check_wants_200(tmp_path: Path) -> None:
    (tmp_path / "serve.py").write_text(
        "import http.server, sys\n"
        "class Handler(http.server.BaseHTTPRequestHandler):\n"
        "    def do_GET(self):\n"
        "        self.send_response(200 if self.path == '/ok' else 503)\n"
        "        self.end_headers()\n"
        "    def log_message(self, *arguments): pass\n"
        "server = http.server.HTTPServer(('127.0.0.1', 0), Handler)\n"
        "print(server.server_port, flush=True)\n"
        "server.serve_forever()\n"
    )
    with subprocess.Popen([sys.executable, str(tmp_path / "serve.py")], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        results = [
            subprocess.run(
                [sys.executable, *http_check(port, path, 5)[1:]], capture_output=True, check=False
            ).returncode
            for path in ("/ok", "/broken")
        ]
        server.kill()
    assert results == [0, 1]
    # Nobody listens any more.
    check = [sys.executable, *http_check(port, "/ok", 5)[1:]]
    assert subprocess.run(check, capture_output=True, check=False).returncode == 1


@pytest.mark.skipif(sys.platform != "linux", reason="proc(5) is Linux's")
def test_the_process_check_sees_a_stopped_process() -> None:
    code = process_check()[2].replace("/proc/[0-9]*/stat", "/proc/{}/stat")
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as process:
        check = [sys.executable, "-c", code.replace("{}", str(process.pid))]
        running = subprocess.run(check, check=False).returncode
        process.send_signal(19)  # SIGSTOP
        _wait_until_stopped(process.pid)
        stopped = subprocess.run(check, check=False).returncode
        process.kill()
    assert (running, stopped) == (0, 1)


def _wait_until_stopped(pid: int) -> None:
    while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "T":
        pass


@pytest.mark.parametrize(
    ("containers", "code", "path"),
    [
        ("{build: {}, platform: kubernetes, port: 80}", "unsupported", ("containers", "web", "platform")),
        ("{build: {}, trigger: {bucket: files}}", "unsupported", ("containers", "web", "trigger")),
        ("{build: {}}", "missing-key", ("containers", "web")),
        ("{build: {}, schedule: {cron: '0 2 * * *'}}", "missing-key", ("containers", "web")),
    ],
)
def test_what_docker_cannot_do(containers: str, code: str, path: tuple[str, ...]) -> None:
    found = problems_of(f"containers:\n  web: {containers}\nstorage: {{buckets: {{files: {{}}}}}}\n")
    assert [(problem.code, problem.path) for problem in found] == [(code, path)]


def test_the_platform_of_all_is_reported_where_it_stands() -> None:
    found = problems_of("compute: {platform: virtual_machines}\ncontainers:\n  web: {port: 8000}\n")
    assert [(problem.path, problem.message) for problem in found] == [
        (("compute", "platform"), "platform virtual_machines is not supported on docker yet")
    ]


def test_secrets_and_state_stay_out_of_the_build() -> None:
    patterns = files_of("containers:\n  web: {port: 8000}\n")["web.Dockerfile.dockerignore"].splitlines()
    assert {".git", "**/.env", "**/*.tfvars", "**/*.tfstate", "**/.venv", "deploy/docker"} <= set(patterns)


def test_the_stack_offers_what_the_command_line_reads() -> None:
    stack = stack_of("containers:\n  web: {port: 8000}\n")
    assert (stack.target, stack.warnings) == ("docker", ())
    assert stack.next_commands == ("docker compose up --build --detach",)
