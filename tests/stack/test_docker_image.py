"""The Dockerfiles: what must be in each of them, and what differs."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from cloudgen.errors import SpecError
from cloudgen.spec.build import Build
from cloudgen.spec.containers import HealthCheck
from cloudgen.stack.docker.install import LOCAL_LINES
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


@pytest.mark.parametrize("manager", ["pip", "uv", "poetry", "pdm", "pipenv"])
@pytest.mark.parametrize("interface", ["asgi", "wsgi"])
def test_what_every_dockerfile_has(manager: str, interface: str) -> None:
    text = dockerfile(f"{{build: {{package_manager: {manager}, interface: {interface}}}, port: 8000}}")
    lines = instructions(text)
    froms = [line for line in lines if line.startswith("FROM ")]
    assert len(froms) == 3
    assert all(re.fullmatch(r"FROM python:3\.12-slim-[a-z]+( AS (manifests|build))?", line) for line in froms)
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
        (
            "pip",
            "*.txt *.in *requirements* *constraints*",
            "uv pip install --python /opt/venv --requirements requirements.txt",
        ),
        ("uv", "pyproject.toml uv.lock", "uv sync --frozen --no-dev --no-install-local"),
        ("poetry", "pyproject.toml poetry.lock", "install --only main --no-root --no-directory"),
        ("pdm", "pyproject.toml pdm.lock", "export --format requirements --prod"),
        ("pipenv", "Pipfile Pipfile.lock", "requirements --hash"),
    ],
)
def test_packages_come_from_the_lock_before_the_sources(manager: str, lock: str, installation: str) -> None:
    lines = instructions(dockerfile(f"{{build: {{package_manager: {manager}}}, port: 8000}}"))
    install = next(number for number, line in enumerate(lines) if installation in line)
    assert lines[install - 1] == "COPY --from=manifests /manifests ./"
    found = next(line for line in lines if "--target-directory=/manifests" in line)
    assert all(f"-name '{pattern}'" in found for pattern in lock.split())
    assert install < lines.index("COPY . .")


@pytest.mark.parametrize(
    ("named", "options"),
    [
        ("", "--prod"),
        ("extras: [live]", "--prod --group live"),
        # pdm says "--prod is not allowed with dev groups", and a named group leaves out the others by itself.
        ("groups: [colour]", "--group colour"),
        ("extras: [live], groups: [colour]", "--group live --group colour"),
    ],
)
def test_pdm_is_asked_for_what_is_named_alone(named: str, options: str) -> None:
    text = dockerfile(f"{{build: {{package_manager: pdm, {named}}}, port: 8000}}")
    assert f"export --format requirements {options} \\\n" in text
    assert f"export --format requirements --no-hashes {options}; }}" in text
    assert f"sync {options} \\\n" in text


def test_each_step_is_an_instruction_that_hadolint_lets_be() -> None:
    lines = instructions(dockerfile("{build: {steps: [[make, css], [make, js]]}, port: 8000}"))
    assert lines.index('RUN ["make", "js"]') - lines.index('RUN ["make", "css"]') == 1
    text = dockerfile("{build: {steps: [[make, css], [make, js]]}, port: 8000}")
    assert 'RUN ["make", "css"]\n# hadolint ignore=DL3059\nRUN ["make", "js"]' in text


def test_compilers_stay_in_the_first_stage() -> None:
    text = dockerfile("{build: {packages: [libpq5, libmagic1]}, port: 8000}")
    first, second = text.split("# The final image")
    assert "libpq-dev" in first
    assert "gcc" in first
    # A step may import what links to it.
    assert "libmagic1" in first
    assert "libpq5" in second
    assert "libmagic1" in second
    assert "gcc" not in second
    for stage in (first, second):
        assert "--no-install-recommends" in stage
        assert "rm -rf /var/lib/apt/lists/*" in stage


def test_a_compiler_is_always_there_and_apt_never_in_the_image_without_packages() -> None:
    first, second = dockerfile("{build: {}, port: 8000}").split("# The final image")
    assert {"gcc \\", "g++ \\", "libc6-dev \\", "pkg-config \\"} <= {line.strip() for line in first.splitlines()}
    assert "apt-get" not in second


def test_packages_of_the_build_alone_are_not_in_the_image() -> None:
    first, second = dockerfile("{build: {build_packages: [git, gcc]}, port: 8000}").split("# The final image")
    assert [first.count(f"        {package} ") for package in ("git", "gcc")] == [1, 1]
    assert "apt-get" not in second


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        (
            "{requirements: [a/x.txt, b.pip], groups: [web]}",
            "uv pip install --python /opt/venv --requirements a/x.txt --requirements b.pip --group web",
        ),
        (
            "{requirements: [pyproject.toml], extras: [live]}",
            "uv pip install --python /opt/venv --requirements pyproject.toml --extra live",
        ),
        (
            "{package_manager: uv, member: orders, extras: [live], groups: [web]}",
            "uv sync --frozen --no-dev{} --package orders --extra live --group web",
        ),
        (
            "{package_manager: poetry, extras: [live, s3], groups: [web]}",
            "install --only main,web --no-root --extras live --extras s3{}",
        ),
    ],
)
def test_what_is_installed_before_the_sources_is_asked_for_after_them(build: str, expected: str) -> None:
    lines = instructions(dockerfile(f"{{build: {build}, port: 8000}}"))
    before, after = (line for line in lines if expected.partition("{}")[0] in line)
    assert expected.format(" --no-install-local") in before or expected.format(" --no-directory") in before
    assert expected.format("") in after
    assert lines.index(before) < lines.index("COPY . .") < lines.index(after)


def test_categories_of_a_pipfile() -> None:
    text = dockerfile("{build: {package_manager: pipenv, groups: [web]}, port: 8000}")
    assert "requirements --hash --categories packages,web > /opt/requirements.txt" in text


@pytest.mark.parametrize(
    ("line", "waits"),
    [
        ("-e .", True),
        ("-e .[live]", True),
        ("--editable=./libs/common", True),
        ("libs/common", True),
        ("vendor/common-1-py3-none-any.whl", True),
        ("file:libs/common", True),
        ("common[extra] @ file:///app/libs/common", True),
        ("common @ ./libs/common", True),
        ("-r requirements/base.txt", False),
        ("-rrequirements/base.txt", False),
        ("-c limits/versions.txt", False),
        ("-e git+https://example.com/common.git#egg=common", False),
        ("git+https://example.com/common.git", False),
        ("common @ git+https://example.com/common", False),
        ("https://example.com/common.whl", False),
        ("--index-url https://example.com/simple/", False),
        ("flask[async]==3.1 ; python_version > '3.9'", False),
        ("    --hash=sha256:0a/b", False),
    ],
)
def test_lines_of_local_projects_wait_for_the_sources(line: str, waits: bool) -> None:
    run = subprocess.run(
        ["sed", "--regexp-extended", LOCAL_LINES], input=f"{line}\n", capture_output=True, text=True, check=True
    )
    assert run.stdout == ("" if waits else f"{line}\n")


def test_steps_run_in_workdir_after_the_install_and_nothing_of_them_is_read_by_a_shell() -> None:
    build = """{workdir: backend, python_path: lib, steps: [[python, manage.py, "a b; $HOME '<<EOF'"]]}"""
    lines = instructions(dockerfile(f"{{build: {build}, port: 8000}}"))
    step = lines.index("""RUN ["python", "manage.py", "a b; $HOME '<<EOF'"]""")
    assert lines[step - 2 : step] == [
        'ENV PYTHONPATH="/app/lib:/app/backend:/app:/app/src"',
        "WORKDIR /app/backend",
    ]
    assert lines.index("COPY . .") < step
    final = last_stage(dockerfile(f"{{build: {build}, port: 8000}}"))
    assert final.index("WORKDIR /app/backend") > final.index("COPY --from=build /app /app")
    assert any('PYTHONPATH="/app/lib:/app/backend:/app:/app/src"' in line for line in final)


def test_workers_may_take_the_grace_period_to_import() -> None:
    several = "{build: {}, port: 8000, size: large, health_check: {grace_period: 90s}}"
    assert 'UVICORN_TIMEOUT_WORKER_HEALTHCHECK="90"' in dockerfile(several)
    assert "UVICORN" not in dockerfile("{build: {}, port: 8000, size: small}")
    wsgi = command_of(dockerfile("{build: {interface: wsgi}, port: 8000, health_check: {grace_period: 90s}}"))
    assert wsgi[wsgi.index("--timeout") + 1] == "90"
    quick = command_of(dockerfile("{build: {interface: wsgi}, port: 8000, health_check: {grace_period: 5s}}"))
    assert quick[quick.index("--timeout") + 1] == "30"


@pytest.mark.parametrize(
    ("build", "key"),
    [
        ("{package_manager: poetry, member: orders}", "knows no members"),
        ("{package_manager: uv, requirements: [a.txt]}", "installs from its lock"),
        ("{package_manager: pipenv, extras: [live]}", "has no extras"),
        ("{extras: [live]}", "requirements names none"),
    ],
)
def test_what_a_package_manager_does_not_know_is_told(build: str, key: str) -> None:
    with pytest.raises(ValidationError, match=key):
        Build.model_validate(yaml.safe_load(build))


@pytest.mark.parametrize("field", ["requirements", "extras", "groups", "build_packages"])
@pytest.mark.parametrize("text", ["a b", "$(id)", "-x", "a;b", "../a", "a'b", "a\nb"])
def test_no_name_or_path_can_reach_a_shell(field: str, text: str) -> None:
    with pytest.raises(ValidationError):
        Build.model_validate({field: [text], "package_manager": "pip"})


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
    assert server_command(wsgi, 8000, 1)[-1] == "behind_balancer:application('shop.main:make()')"


@pytest.mark.parametrize(("vcpu", "workers"), [(0.25, None), (1, None), (2, "2"), (8, "8")])
def test_one_process_a_vcpu(vcpu: float, workers: str | None) -> None:
    command = server_command(Build(), 8000, vcpu)
    assert ("--workers" in command) == (workers is not None)
    if workers:
        assert command[command.index("--workers") + 1] == workers


@pytest.mark.parametrize("version", ["3.10", "3.11", "3.12", "3.13", "3.14"])
def test_each_version_of_python(version: str) -> None:
    """Without quotes, too: 3.10 is no number."""
    text = dockerfile(f"{{build: {{python: {version}, interface: wsgi}}, port: 8000}}")
    froms = [line for line in instructions(text) if line.startswith("FROM")]
    assert {line.split()[1] for line in froms} == {f"python:{version}-slim-bookworm"}


@pytest.mark.parametrize("version", ["3.1", "3.9", "3.15", "3", "'3.12.1'"])
def test_other_versions_of_python_are_refused(version: str) -> None:
    with pytest.raises(SpecError) as error:
        files_of(f"containers:\n  web: {{build: {{python: {version}}}, port: 8000}}\n")
    (problem,) = error.value.problems
    assert (problem.hint or "").endswith("hoices are 3.10, 3.11, 3.12, 3.13, 3.14")


def test_what_runs_in_an_image_is_written_for_the_oldest_python() -> None:
    text = files_of(
        "containers:\n"
        "  web: {build: {interface: wsgi}, port: 8000, connects_to: [db], environment: {U: {from: db.url}}}\n"
        "storage: {databases: {db: {}}}\n"
    )["web.Dockerfile"]
    written = re.findall(r"^(?:RUN|    &&) (printf .*?)>\S+/(\w+\.py)$", text, re.MULTILINE | re.DOTALL)
    sources = {
        name: subprocess.run(["sh", "-c", code], capture_output=True, text=True).stdout for code, name in written
    }
    sources |= {
        line[:40]: json.loads(f"[{line}]")[-1] for line in re.findall(r'^.*\[("\S*python", "-c", .*)\]$', text, re.M)
    }
    assert len(sources) == 4
    for source in sources.values():
        ast.parse(source, feature_version=(3, 10))


def test_not_everybody_may_say_who_the_client_is() -> None:
    text = dockerfile("{build: {}, port: 8000}")
    (trusted,) = re.findall(r'FORWARDED_ALLOW_IPS="(.*)"', text)
    assert "*" not in trusted
    assert {"10.0.0.0/8", "35.191.0.0/16"} < set(trusted.split(","))
    # As an option it would hide the variable, by which a platform says more.
    assert "--forwarded-allow-ips" not in command_of(text)


@pytest.mark.parametrize(
    ("installed", "said"),
    [
        (
            None,
            "uvicorn is needed to serve the application and is not among the packages of the image: "
            "run: uv add uvicorn, or name the extra or group that has it in build.extras or build.groups\n",
        ),
        ("0.29.0", "uvicorn 0.31 or newer is needed to serve the application, and this is 0.29.0\n"),
        ("0.31.0rc1", ""),
        ("1.0", ""),
    ],
)
def test_the_build_says_when_the_server_is_missing_or_too_old(tmp_path: Path, installed: str | None, said: str) -> None:
    if installed:
        (tmp_path / "uvicorn.py").touch()
        metadata = tmp_path / f"uvicorn-{installed}.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(f"Name: uvicorn\nVersion: {installed}\n")
    code = package_check(Build(package_manager="uv"))[2]
    run = subprocess.run(
        # Nothing but the standard library and the folder.
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {code}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (1 if said else 0, said)


def test_the_http_check_wants_200(tmp_path: Path) -> None:
    (tmp_path / "serve.py").write_text(
        "import http.server, sys\n"
        "class Handler(http.server.BaseHTTPRequestHandler):\n"
        "    def do_GET(self):\n"
        "        named = self.path == '/named' and self.headers['Host'] == 'shop.example.com'\n"
        "        self.send_response(200 if self.path == '/ok' or named else 302 if self.path == '/moved' else 503)\n"
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
                [sys.executable, *http_check(port, HealthCheck.model_validate(check))[1:]],
                capture_output=True,
                check=False,
            ).returncode
            for check in (
                *({"path": "/ok"}, {"path": "/broken"}, {"path": "/moved", "success": "200-399"}),
                *({"path": "/moved"}, {"path": "/moved", "success": "200,302"}, {"path": "/moved", "success": "301"}),
                *({"path": "/named"}, {"path": "/named", "host": "shop.example.com"}),
            )
        ]
        server.kill()
    assert results == [0, 1, 0, 1, 0, 1, 1, 0]
    # Nobody listens any more.
    check = [sys.executable, *http_check(port, HealthCheck(path="/ok"))[1:]]
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
        ("{dockerfile: Dockerfile, trigger: {bucket: files}}", "unsupported", ("containers", "web", "dockerfile")),
        ("{image: 'nginx:1.29', trigger: {bucket: files}}", "unsupported", ("containers", "web", "image")),
        ("{build: {}}", "missing-key", ("containers", "web")),
        ("{build: {}, schedule: {cron: '0 2 * * *'}}", "missing-key", ("containers", "web")),
    ],
)
def test_what_docker_cannot_do(containers: str, code: str, path: tuple[str, ...]) -> None:
    found = problems_of(f"containers:\n  web: {containers}\nstorage: {{buckets: {{files: {{}}}}}}\n")
    assert [(problem.code, problem.path) for problem in found] == [(code, path)]


def test_the_platform_of_all_is_reported_where_it_stands() -> None:
    found = problems_of("compute: {platform: kubernetes}\ncontainers:\n  web: {port: 8000}\n")
    assert [(problem.path, problem.message) for problem in found] == [
        (("compute", "platform"), "platform kubernetes is not supported on docker yet")
    ]


def test_what_runs_on_machines_is_built_and_runs_here_by_the_same_files() -> None:
    alone = files_of("containers:\n  web: {port: 8000}\n")
    assert files_of("compute: {platform: virtual_machines}\ncontainers:\n  web: {port: 8000}\n") == alone


def test_secrets_and_state_stay_out_of_the_build() -> None:
    patterns = files_of("containers:\n  web: {port: 8000}\n")["web.Dockerfile.dockerignore"].splitlines()
    assert {".git", "**/.env", "**/*.tfvars", "**/*.tfstate", "**/.venv", "deploy/docker"} <= set(patterns)


def test_the_stack_offers_what_the_command_line_reads() -> None:
    stack = stack_of("containers:\n  web: {port: 8000}\n")
    assert (stack.target, stack.warnings) == ("docker", ())
    assert stack.next_commands == ("docker compose up --build --detach",)
