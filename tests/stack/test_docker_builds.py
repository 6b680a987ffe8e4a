"""Images beside the usual one: a Dockerfile of one's own, a front end, folders that are written to, hostile names."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cloudgen import cli
from cloudgen.errors import SpecError
from cloudgen.pipeline import read_spec
from cloudgen.stack import TARGETS
from cloudgen.stack.docker.install import words
from rig.parts.docker import HEAD, files_of, problems_of, services_of

CLOUDS = "targets: {aws: {region: eu-west-1}, gcp: {region: europe-west1, project: acme-shop}}\n"
OWN = "{dockerfile: ops/Dockerfile, context: api, target: live, args: {EDITION: full $EDITION}}"


def dockerfile(container: str) -> str:
    return files_of(f"containers:\n  web: {container}\n")["web.Dockerfile"]


def test_compose_builds_the_stage_of_the_own_dockerfile() -> None:
    build = services_of(f"containers:\n  web: {{build: {OWN}, port: 8000}}\n")["web"]["build"]
    assert build["target"] == "live"
    # Compose would replace the variable.
    assert build["args"] == {"EDITION": "full $$EDITION"}
    assert "web.Dockerfile" not in files_of(f"containers:\n  web: {{build: {OWN}, port: 8000}}\n")


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_deploy_hands_every_argument_to_docker_as_it_is(cloud: str, tmp_path: Path) -> None:
    """The rendered `publish` is run by a shell, with a docker that prints what it is given."""
    hostile = "a 'b' \"c\" $(id) `id` ; * \\ #"
    spec = tmp_path / "cloudgen.yaml"
    data = yaml.safe_load(HEAD + CLOUDS + f"containers: {{web: {{port: 8000, build: {OWN}}}}}\n")
    data["containers"]["web"]["build"]["args"] = {"A": hostile, "B": ""}
    spec.write_text(yaml.safe_dump(data), encoding="utf-8")
    assert cli.run(["render", str(spec), "--target", cloud, "--output", str(tmp_path / "out")]) == 0
    script = (tmp_path / "out" / "deploy.sh").read_text(encoding="utf-8")
    function = script[script.index("publish() {") : script.index("\n}\n", script.index("publish() {")) + 3]
    (call,) = [line.strip() for line in script.splitlines() if line.startswith("  publish web")]
    stubs = (
        "set -eu\nsource_dir=/src docker_dir=/docker registry=r repository=r tag=t region=r images=\n"
        'digest_of() { if [ -n "$asked" ]; then echo sha256:1; fi; }\nasked=\nsay() { :; }\ndie() { exit 9; }\n'
        'docker() { asked=1; [ "$1" != build ] || printf "%s\\n" "$@" >&3; cat >/dev/null </dev/null; }\n'
        "aws() { :; }\ngcloud() { :; }\n"
    )
    code = f"exec 3>{tmp_path}/said\n{stubs}{function}\n{call}\n"
    subprocess.run(["sh", "-c", code], check=True, timeout=30, stdin=subprocess.DEVNULL)
    said = (tmp_path / "said").read_text(encoding="utf-8").splitlines()
    assert said[0] == "build"
    assert said[said.index("--file") + 1] == "/src/ops/Dockerfile"
    assert said[said.index("--target") + 1] == "live"
    assert [said[index + 1] for index, word in enumerate(said) if word == "--build-arg"] == [f"A={hostile}", "B="]
    assert said[-1] == "/src/api"


@pytest.mark.parametrize(
    ("build", "said"),
    [
        ("{dockerfile: Dockerfile, python: '3.12'}", "python would change the Dockerfile that cloudgen writes"),
        ("{dockerfile: Dockerfile, app: 'a:b', steps: [[true]]}", "app and steps would change"),
        ("{target: live}", "target is for a Dockerfile of your own"),
        ("{args: {A: b}}", "args is for a Dockerfile of your own"),
        ("{dockerfile: ../Dockerfile}", "is not a path below the folder of the spec"),
        ("{dockerfile: Dockerfile, target: '--push'}", "is not written as it must be"),
        ("{dockerfile: Dockerfile, args: {API_TOKEN: sesame-open-now}}", "holds what looks like a secret"),
    ],
)
def test_what_a_dockerfile_of_ones_own_cannot_be_told(build: str, said: str, tmp_path: Path) -> None:
    spec = tmp_path / "cloudgen.yaml"
    spec.write_text(HEAD + CLOUDS + f"containers: {{web: {{port: 8000, build: {build}}}}}\n", encoding="utf-8")
    with pytest.raises(SpecError) as error:
        read_spec(str(spec))
    assert said in " ".join(problem.message for problem in error.value.problems)


def test_a_front_end_is_built_before_the_sources_go_on() -> None:
    text = dockerfile("{build: {front_end: {folder: ui, node: '22', script: 'build:live'}}, port: 8000}")
    assert "FROM node:22-bookworm-slim AS front-end\n" in text
    assert 'RUN --mount=type=cache,target=/var/cache/node ["npm", "ci"]' in text
    lines = text.splitlines()
    install, sources, build = (
        next(number for number, line in enumerate(lines) if words in line)
        for words in ('"npm", "ci"', "COPY . /app", "RUN npm run build:live")
    )
    assert install < sources < build
    # Whatever folder it writes to: all of the sources come from there, and none straight from the context.
    assert "COPY --from=front-end /app ./" in text
    assert "COPY . ." not in text
    assert "node" not in text.split("# The final image")[1]


@pytest.mark.parametrize(("manager", "install"), [("pnpm", '"pnpm", "install"'), ("yarn", '"yarn", "install"')])
def test_other_package_managers_of_node(manager: str, install: str) -> None:
    text = dockerfile(f"{{build: {{front_end: {{package_manager: {manager}}}}}, port: 8000}}")
    assert f'["corepack", {install}, "--frozen-lockfile"]' in text


def test_folders_that_are_written_to_belong_to_the_user() -> None:
    text = dockerfile("{build: {}, port: 8000, user: 4711, writable: [data, logs/, /var/lib/x, 'media:keep']}")
    folders = '"/app/data", "/app/logs", "/var/lib/x", "/app/media"'
    words = "/app/data /app/logs /var/lib/x /app/media"
    assert f"RUN mkdir --parents {words} \\\n    && chown --recursive 4711:4711 {words}\n" in text
    assert f'VOLUME ["/tmp", {folders}]' in text
    assert "chown" not in dockerfile("{build: {}, port: 8000}")


def test_compose_keeps_what_shall_stay() -> None:
    files = files_of("containers:\n  web: {port: 8000, writable: [data, 'media:keep']}\n")
    data = yaml.safe_load(files["compose.yaml"])
    assert data["services"]["web"]["read_only"] is True
    assert data["services"]["web"]["volumes"] == [
        {"type": "volume", "target": "/app/data"},
        {"type": "volume", "source": "web_app-media", "target": "/app/media"},
    ]
    assert data["volumes"] == {"web_app-media": {}}


KEPT = "containers: {web: {port: 8000, writable: ['media:keep']%s}}\n"
WITHOUT = {
    "aws-machines": ("aws", ", platform: virtual_machines", "goes with the machine"),
    "gcp-machines": ("gcp", ", platform: virtual_machines", "goes with the machine"),
    "aws-functions": ("aws", ", platform: functions", "read-only but for /tmp"),
}


@pytest.mark.parametrize("case", WITHOUT)
def test_files_that_stay_are_refused_where_nothing_keeps_them(case: str, tmp_path: Path) -> None:
    cloud, more, said = WITHOUT[case]
    spec = tmp_path / "cloudgen.yaml"
    spec.write_text(HEAD + CLOUDS + KEPT % more, encoding="utf-8")
    with pytest.raises(SpecError) as error:
        TARGETS[cloud].build(read_spec(str(spec)).deployment)
    problem = next(each for each in error.value.problems if each.path == ("containers", "web", "writable"))
    assert said in problem.message
    assert "bucket" in str(problem.hint)


@pytest.mark.parametrize(
    ("writable", "said"),
    [
        ("[../data]", "is not a folder"),
        ("['data:stay']", "is not a folder"),
        ("['a b']", "is not a folder"),
        ("['-rf']", "is not a folder"),
        ("[/etc/shop]", "is a folder of the system"),
        ("[/opt/venv/x]", "is a folder of the system"),
        ("[/tmp/x]", "can be written without being named"),
    ],
)
def test_folders_that_are_none(writable: str, said: str, tmp_path: Path) -> None:
    spec = tmp_path / "cloudgen.yaml"
    spec.write_text(HEAD + CLOUDS + f"containers: {{web: {{port: 8000, writable: {writable}}}}}\n", encoding="utf-8")
    with pytest.raises(SpecError) as error:
        read_spec(str(spec))
    assert said in error.value.problems[0].message


def test_the_same_folder_twice_is_told() -> None:
    (problem,) = problems_of("containers:\n  web: {port: 8000, writable: [data, /app/data]}\n")
    assert "`/app/data` stands here twice" in problem.message


def test_the_folder_of_an_image_of_others_is_named_from_the_root_on(tmp_path: Path) -> None:
    spec = tmp_path / "cloudgen.yaml"
    text = HEAD + CLOUDS + "containers: {web: {port: 8000, image: 'nginx:1', writable: [data]}}\n"
    spec.write_text(text, encoding="utf-8")
    with pytest.raises(SpecError) as error:
        read_spec(str(spec))
    assert "cloudgen does not write the Dockerfile" in error.value.problems[0].message


def test_images_of_others_may_write_unless_the_spec_says_no() -> None:
    services = services_of(
        "containers:\n  one: {port: 80, image: 'nginx:1'}\n  two: {port: 80, image: 'nginx:1', read_only: true}\n"
        "  three: {port: 80, dockerfile: Dockerfile}\n  four: {port: 80}\n"
    )
    assert [services[name].get("read_only", False) for name in ("one", "two", "three", "four")] == [
        False,
        True,
        False,
        True,
    ]


@given(st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1), min_size=1))
def test_a_shell_takes_every_word_as_it_is(texts: list[str]) -> None:
    """Should a pattern of the spec ever let a sign through, a RUN line still holds nothing but words."""
    if any("<<" in text for text in texts):
        with pytest.raises(ValueError, match="cannot hold"):
            words(*texts)
        return
    for always in (False, True):
        run = subprocess.run(
            ["sh", "-c", f"printf '%s\\n' {words(*texts, always=always)}"], capture_output=True, check=True, timeout=30
        )
        assert run.stdout.decode().split("\n")[:-1] == texts


@pytest.mark.parametrize("text", ["a\nb", "a\0", "a\u2028b", "x <<EOF"])
def test_what_no_line_can_hold_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cannot hold"):
        words(text)


def test_what_the_folder_itself_leaves_out_stays_out(tmp_path: Path) -> None:
    spec = tmp_path / "cloudgen.yaml"
    spec.write_text(HEAD + "containers:\n  web: {port: 8000}\n  api: {build: {context: api}, port: 8001}\n")
    (tmp_path / ".dockerignore").write_bytes("\ufeff# mine\r\n media/ \r\n\r\n!.env\r\n".encode())
    assert cli.run(["render", str(spec), "--target", "docker", "--output", str(tmp_path / "out")]) == 0
    lines = (tmp_path / "out" / "web.Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    # The last line that fits decides, so what cloudgen keeps out comes after.
    assert lines.index("media/") < lines.index("!.env") < lines.index("**/.env")
    other = (tmp_path / "out" / "api.Dockerfile.dockerignore").read_text(encoding="utf-8")
    assert "media/" not in other


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"a\x07b\n", b"x" * 1_100_000])
def test_an_ignore_file_that_is_none_is_told(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tmp_path / "cloudgen.yaml"
    spec.write_text(HEAD + "containers: {web: {port: 8000}}\n")
    (tmp_path / ".dockerignore").write_bytes(content)
    assert cli.run(["render", str(spec), "--target", "docker", "--output", str(tmp_path / "out")]) == 2
    err = capsys.readouterr().err
    assert err.startswith("error: ")
    assert ".dockerignore" in err
