"""The helpers of the tests fail when they should: a helper that cannot fail would make every test of it pass."""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import hcl2
import pytest
import yaml

from rig.containers.container import steps
from rig.emulator.cycles import OFTEN as CYCLES_OFTEN
from rig.gcp.lives import OFTEN as LIVES_OFTEN
from rig.images.bases import images_of
from rig.real_provider.mirror import AWS
from rig.real_provider.serving import serving
from rig.standin.trees import golden_trees, variables_for
from rig.tools.terraform import Terraform, TerraformError
from rig.tools.toolbox import VARIABLE, MissingToolError, Toolbox, demanded, program
from rig.trees import hcl
from rig.trees.cover import fewest, types
from rig.trees.golden import check_text, check_tree
from rig.trees.render import render, unprotected

UNPLAYED = {"aws": {"aws_route53_health_check"}, "gcp": set[str]()}
"""What only golden specs with uptime checks have: see `rig.emulator.cycles.CYCLES`."""

FILES = {"a.tf": "a = 1\n", "bootstrap/b.tf": "b = 2\n"}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    check_tree(tmp_path / "tree", FILES, update=True)
    return tmp_path / "tree"


def test_a_tree_that_is_the_same_passes(tree: Path) -> None:
    check_tree(tree, FILES, update=False)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"a.tf": "a = 1\n"}, "not rendered: bootstrap/b.tf"),
        ({**FILES, "c.tf": "c = 3\n"}, "not in tree: c.tf"),
        ({**FILES, "a.tf": "a = 2\n"}, "+a = 2"),
        ({**FILES, "a.tf": "a = 1"}, "line ends differ"),
        ({**FILES, "a.tf": "a = 1\r\n"}, "line ends differ"),
    ],
)
def test_a_tree_that_differs_fails_in_both_directions(tree: Path, files: dict[str, str], told: str) -> None:
    with pytest.raises(pytest.fail.Exception, match="make golden") as failure:
        check_tree(tree, files, update=False)
    assert told in str(failure.value)


def test_the_fewest_trees_have_every_type(tmp_path: Path) -> None:
    texts = {
        "small": 'resource "a" "x" {}\n',
        "large": 'resource "a" "x" {}\nresource "b" "x" {}\ndata "c" "x" {}\n',
        "other": 'resource "a" "y" {}\nresource "d" "x" {}\n',
    }
    for name, text in texts.items():
        check_tree(tmp_path / name, {"main.tf": "# resource\n", "module/main.tf": text}, update=True)
    assert fewest({name: tmp_path / name for name in texts}) == ("large", "other")


def test_what_is_played_often_has_every_type_of_the_golden_trees() -> None:
    for cloud, often in {"aws": CYCLES_OFTEN, "gcp": LIVES_OFTEN}.items():
        trees = golden_trees(cloud)
        unplayed = set[str]().union(*map(types, trees.values())).difference(*(types(trees[name]) for name in often))
        assert unplayed == UNPLAYED[cloud]


def test_an_update_leaves_nothing_behind(tree: Path) -> None:
    check_tree(tree, {"a.tf": "a = 2\n"}, update=True)
    assert [path.name for path in tree.rglob("*")] == ["a.tf"]
    check_tree(tree, {"a.tf": "a = 2\n"}, update=False)


def test_a_golden_text_that_does_not_exist_fails(tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match="does not exist"):
        check_text(tmp_path / "warnings.txt", "", update=False)


def test_a_missing_tool_is_looked_up_once_and_skips_unless_demanded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def find(folder: Path, stack: ExitStack) -> Path:
        calls.append(folder)
        raise MissingToolError("not here: install it")

    box = Toolbox({"engine": find}, tmp_path)
    for _ in range(2):
        with pytest.raises(MissingToolError, match="install it"):
            box.find("engine")
    assert len(calls) == 1
    monkeypatch.delenv(VARIABLE, raising=False)
    assert not demanded("engine")
    monkeypatch.setenv(VARIABLE, "terraform, engine")
    assert demanded("engine")
    assert not demanded("docker")
    monkeypatch.setenv(VARIABLE, "all")
    assert demanded("docker")


def test_a_program_is_found_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with ExitStack() as stack:
        with pytest.raises(MissingToolError, match="apt-get install thing"):
            program("thing", "apt-get install thing")(tmp_path, stack)
        (tmp_path / "thing").touch(mode=0o755)
        assert program("thing", "")(tmp_path, stack) == tmp_path / "thing"


def test_the_images_of_a_dockerfile() -> None:
    dockerfile = (
        "FROM --platform=linux/amd64 python:3.12-slim AS build\n"
        "COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/\n"
        "FROM scratch AS none\n"
        "FROM build\n"
        "COPY --chown=1:1 --from=build /opt/venv /opt/venv\n"
        "COPY --from=0 /a /b\n"
    )
    assert images_of(dockerfile) == ["python:3.12-slim", "ghcr.io/astral-sh/uv:0.9"]


def test_the_steps_of_a_build() -> None:
    log = "#5 [build 1/2] RUN one\n#5 CACHED\n\n#6 [build 2/2] COPY . .\n#6 DONE 0.1s\n#7 exporting to image\n"
    assert steps(log) == {"RUN one": True, "COPY . .": False}


def test_a_spec_without_protection_is_otherwise_the_same(tmp_path: Path) -> None:
    spec = tmp_path / "cloudgen.yaml"
    spec.write_text('version: 1\ncompute: {python: "3.10"}\nsecurity: {encryption: customer_managed}\n')
    copy = yaml.safe_load(unprotected(spec, tmp_path / "copy.yaml").read_text())
    assert copy["security"] == {"encryption": "customer_managed", "deletion_protection": False}
    assert copy["compute"] == {"python": "3.10"}


def provider(module: Path, script: str) -> Terraform:
    """Put a program in the place of the provider that `init` has installed."""
    program = (
        module / ".terraform" / "providers" / AWS.address / "5.100.0" / "linux_amd64" / "terraform-provider-aws_v5"
    )
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return Terraform(Path("terraform"), Path("terraform.rc"))


@pytest.mark.skipif(sys.platform == "darwin", reason="there Terraform starts the provider")
def test_a_provider_that_runs_is_told_to_every_command_but_init(tmp_path: Path) -> None:
    where = '{\\"aws\\": {\\"Addr\\": {\\"Network\\": \\"unix\\", \\"String\\": \\"/its/own\\"}}}'
    terraform = provider(tmp_path, f"""echo started; echo "    TF_REATTACH_PROVIDERS='{where}'"; exec sleep 60""")
    with serving(terraform, tmp_path, ["aws_vpc"]) as kept:
        address = json.loads(kept.variables("plan")["TF_REATTACH_PROVIDERS"])["aws"]["Addr"]
        assert address["Network"] == "unix"
        assert Path(address["String"]).is_socket()
        assert "TF_REATTACH_PROVIDERS" not in kept.variables("init")
    assert not Path(address["String"]).exists()
    assert "TF_REATTACH_PROVIDERS" not in terraform.variables("plan")


@pytest.mark.skipif(sys.platform == "darwin", reason="there Terraform starts the provider")
def test_a_provider_that_does_not_start_fails(tmp_path: Path) -> None:
    terraform = provider(tmp_path, "echo failed; exit 1")
    with pytest.raises(TerraformError, match="ended before it served"), serving(terraform, tmp_path, ["aws_vpc"]):
        raise AssertionError("it was taken for running")


def test_values_are_given_to_containers_of_any_name(tmp_path: Path) -> None:
    """A container may have the name of an argument of a variable."""
    (tmp_path / "cloudgen.yaml").write_text(
        "version: 1\nname: shop\ntargets: {gcp: {region: europe-west1, project: acme-shop}}\n"
        "containers: {default: {port: 80}, ephemeral: {build: {context: a}, command: [work]}, "
        "type: {build: {context: b}, command: [work]}}\n"
        "security: {secrets: {default: {}}}\n"
    )
    render(tmp_path / "cloudgen.yaml", "gcp", tmp_path / "out")
    values = variables_for(tmp_path / "out")
    assert set(values["images"]) == {"default", "ephemeral", "type"}
    assert set(values["secret_values"]) == {"default"}


def test_hcl_is_read_by_one_thread_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """python-hcl2 shares what it changes while it works; the mutations are asked about by several threads."""
    inside: list[str] = []
    most = 0
    load = hcl2.load

    def slow(*arguments: Any, **named: Any) -> Any:
        nonlocal most
        inside.append("one")
        most = max(most, len(inside))
        time.sleep(0.01)
        inside.pop()
        return load(*arguments, **named)

    monkeypatch.setattr(hcl2, "load", slow)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(hcl.parsed, (f"name = aws_vpc.number_{number}.id\n" for number in range(8))))
    assert [body["name"] for body in found] == [f"${{aws_vpc.number_{number}.id}}" for number in range(8)]
    assert most == 1
