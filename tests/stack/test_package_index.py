"""A package index that asks for a password: what stands in the Dockerfile, the compose file and deploy.sh."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

from cloudgen.pipeline import build, read_spec
from cloudgen.render import render
from rig.parts.docker import files_of, services_of

URL = "https://pypi.example.com/simple/"
MOUNT = "--mount=type=secret,id=netrc,required=true"
CLOUDS = "targets: {aws: {region: eu-west-1}, gcp: {region: europe-west1, project: acme-shop}}\n"


def containers(index: str, manager: str = "pip") -> str:
    return (
        f"containers:\n  web: {{port: 8000, build: {{package_manager: {manager}, index: {index}}}}}\n"
        "  worker: {command: [python, -m, work]}\n  other: {image: 'nginx:1', port: 81}\n"
    )


def asking(text: str) -> list[str]:
    """Return the instructions that install."""
    lines = text.replace("\\\n", " ").splitlines()
    return [line for line in lines if line.startswith("RUN") and "target=/var/cache/uv" in line]


@pytest.mark.parametrize("manager", ["pip", "uv", "poetry", "pdm", "pipenv"])
def test_every_install_logs_in(manager: str) -> None:
    text = files_of(containers(f"{{url: '{URL}'}}", manager))["web.Dockerfile"]
    assert len(asking(text)) == 2
    assert all(MOUNT in line for line in asking(text))
    assert f'UV_INDEX="{URL}"' in text
    # The stage that runs knows nothing of it.
    assert "netrc" not in text[text.rindex("\nFROM ") :]
    assert URL not in text[text.rindex("\nFROM ") :]


def test_it_may_stand_in_for_pypi() -> None:
    text = files_of(containers(f"{{url: '{URL}', default: true}}"))["web.Dockerfile"]
    assert f'UV_DEFAULT_INDEX="{URL}"' in text
    assert "UV_INDEX=" not in text


def test_one_that_asks_for_nothing_needs_no_secret() -> None:
    files = files_of(containers(f"{{url: '{URL}', login: none}}"))
    assert f'ENV UV_INDEX="{URL}"' in files["web.Dockerfile"]
    assert "netrc" not in "".join(text for name, text in files.items() if not name.endswith("ignore"))


def test_compose_hands_the_file_to_all_that_build_the_image() -> None:
    text = containers(f"{{url: '{URL}'}}")
    services = services_of(text)
    assert services["web"]["build"]["secrets"] == services["worker"]["build"]["secrets"] == ["netrc"]
    assert "build" not in services["other"]
    data = yaml.safe_load(files_of(text)["compose.yaml"])
    assert data["secrets"] == {"netrc": {"file": "${NETRC:-$HOME/.netrc}"}}


def deploy(folder: Path, cloud: str, index: str) -> str:
    spec = folder / "cloudgen.yaml"
    spec.write_text(f"version: 1\nname: shop\n{CLOUDS}{containers(index)}", encoding="utf-8")
    files = {file.path: file.text for file in render(build(read_spec(str(spec)), cloud))}
    assert ("build secret" in files["README.md"]) == ("none" not in index)
    return files["deploy.sh"]


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_deploy_hands_the_file_to_docker(cloud: str, tmp_path: Path) -> None:
    script = deploy(tmp_path, cloud, f"{{url: '{URL}'}}")
    (line,) = [line.strip() for line in script.splitlines() if line.strip().startswith("docker build ")]
    found = script[script.index("  netrc=") :].splitlines()[:2]
    needs = script[script.index("needs() {") : script.index("\n}\n", script.index("needs() {")) + 3]
    code = "\n".join(
        (
            'set -eu\nplatform=p dockerfile=d image=i tag=t context=c\ndie() { echo "$1" >&2; exit 1; }',
            'docker() { printf "%s\\n" "$@"; }',
            needs,
            *found,
            line,
        )
    )

    def run(**environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/sh", "-c", code, "deploy.sh"], env=environment, capture_output=True, text=True, check=False
        )

    home = tmp_path / "a home"
    home.mkdir()
    missing = run(HOME=str(home))
    assert missing.returncode == 1
    assert missing.stderr.startswith(f"there is no {home}/.netrc: it logs in to the package index, by lines like ")
    (home / ".netrc").touch()
    said = run(HOME=str(home)).stdout.splitlines()
    assert said[said.index("--secret") + 1] == f"id=netrc,src={home}/.netrc"
    assert said[-1] == "c"
    said = run(HOME=str(home), NETRC=str(tmp_path)).stdout.splitlines()
    assert said[said.index("--secret") + 1] == f"id=netrc,src={tmp_path}"


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_deploy_asks_for_no_file_that_nothing_reads(cloud: str, tmp_path: Path) -> None:
    assert "netrc" not in deploy(tmp_path, cloud, f"{{url: '{URL}', login: none}}")
