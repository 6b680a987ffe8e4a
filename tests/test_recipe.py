"""The recipes of CONTRIBUTING, followed: a kind of storage and a platform need their own folder and a few lines beside.

Each recipe is a registration: the lines outside the folder of what is added, done to the registries for a while. A test
counts and prints them, so that a line more is seen.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pydantic import Field, create_model

from cloudgen import cli, deliver
from cloudgen.dataclass import replace
from cloudgen.explain.field import explain_field
from cloudgen.pipeline import build, read_spec
from cloudgen.render.templates import find_folder
from cloudgen.spec import containers, deployment, storage
from cloudgen.stack import TARGETS
from cloudgen.stack.aws import platforms as aws_platforms
from cloudgen.stack.aws import storage as aws_storage
from cloudgen.stack.gcp import platforms as gcp_platforms
from cloudgen.stack.gcp import storage as gcp_storage
from cloudgen.stack.text import alternatives
from rig.fakes import aws_nodes, aws_topics, gcp_nodes, gcp_topics

HEAD = "version: 1\nname: shop\ntargets: {aws: {region: eu-west-1}, gcp: {region: europe-west1, project: acme-shop}}\n"
WITH_TOPIC = (
    HEAD
    + """\
containers: {web: {port: 8000, connects_to: [news]}}
load_balancer: {domain: shop.example.com}
storage: {topics: {news: {}}}
"""
)
WITH_NODE = (
    HEAD
    + """\
containers:
  web: {port: 8000, platform: kubernetes, connects_to: [orders, "jobs:publish"]}
  worker: {command: [run], connects_to: [orders, "jobs:consume"]}
load_balancer: {domain: shop.example.com}
storage: {databases: {orders: {}}, queues: {jobs: {}}}
"""
)


@dataclass(frozen=True)
class Cloud:
    """A cloud with its registries, and what is added to it for a while."""

    name: str
    kinds: dict[str, str]
    platforms: dict[str, str]
    topics: ModuleType
    nodes: ModuleType
    peers: str
    """The file of the output that says who reaches whom."""
    step: str
    """What the fake platform runs when everything is applied."""


CLOUDS = [
    Cloud(
        "aws", aws_storage.KINDS, aws_platforms.PLATFORMS,  # type: ignore[arg-type]
        aws_topics, aws_nodes, "database.tf", "aws ec2 describe-instances",
    ),
    Cloud(
        "gcp", gcp_storage.KINDS, gcp_platforms.PLATFORMS,  # type: ignore[arg-type]
        gcp_topics, gcp_nodes, "network.tf", "gcloud compute instances list",
    ),
]  # fmt: skip

TOPIC_LINES = {
    "spec/storage.py": ['topics: dict[Name, Topic] = Field({}, description="Topics.")'],
    "spec/containers.py": ['"topics": ("publish",),', '"topics": "publish",'],
    "stack/<cloud>/storage/__init__.py": ['"topics": "cloudgen.stack.<cloud>.storage.topic",'],
    "templates/<cloud>/manifest.yaml": ["- {template: topic.tf.j2, output: topic.tf, when: storage.topics}"],
}
NODE_LINES = {
    "stack/<cloud>/platforms/__init__.py": [
        '"kubernetes": "cloudgen.stack.<cloud>.platforms.kubernetes",',
    ],
    "templates/<cloud>/manifest.yaml": [
        "- {template: kubernetes/nodes.tf.j2, output: nodes.tf, when: platforms.kubernetes}"
    ],
}


@contextmanager
def templates(cloud: Cloud, lines: Mapping[str, list[str]], folder: Path) -> Iterator[None]:
    """Let a cloud have more templates, with the lines for its manifest."""
    for name in (cloud.name, "shared"):
        shutil.copytree(find_folder() / name, folder / name)
    shutil.copytree(Path(__file__).parent / "rig" / "fakes" / f"{cloud.name}_templates", folder / cloud.name,
                    dirs_exist_ok=True)  # fmt: skip
    manifest = folder / cloud.name / "manifest.yaml"
    added = "".join(f"  {line}\n" for line in lines["templates/<cloud>/manifest.yaml"])
    manifest.write_text(manifest.read_text(encoding="utf-8") + added, encoding="utf-8")
    target = TARGETS[cloud.name]
    TARGETS[cloud.name] = replace(target, templates=folder)
    try:
        yield
    finally:
        TARGETS[cloud.name] = target


@pytest.fixture
def topics(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cloud]:
    """A cloud with one more kind of storage."""
    cloud: Cloud = request.param
    field: Any = (dict[str, aws_topics.TopicSpec], Field({}, description="Topics."))
    grown = create_model("Storage", __base__=storage.Storage, topics=field)
    root = create_model(
        "Deployment", __base__=deployment.Deployment, storage=(grown, Field(grown(), description="Storage."))
    )
    monkeypatch.setattr(deployment, "Deployment", root)
    deployment._model.cache_clear()
    monkeypatch.setitem(containers.VERBS, "topics", ("publish",))
    monkeypatch.setitem(containers.DEFAULT_VERBS, "topics", "publish")
    monkeypatch.setitem(cloud.kinds, "topics", cloud.topics.__name__)
    with templates(cloud, TOPIC_LINES, tmp_path / "templates"):
        yield cloud
    deployment._model.cache_clear()


@pytest.fixture
def nodes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cloud]:
    """A cloud with one more platform."""
    cloud: Cloud = request.param
    monkeypatch.setitem(cloud.platforms, "kubernetes", cloud.nodes.__name__)
    with templates(cloud, NODE_LINES, tmp_path / "templates"):
        yield cloud


def write(folder: Path, text: str) -> str:
    path = folder / "cloudgen.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Run a command line; return its exit code, and all that it says."""
    code = cli.run(arguments)
    said = capsys.readouterr()
    assert "internal error" not in said.err
    return code, said.out + said.err


@pytest.mark.parametrize("topics", CLOUDS, indirect=True, ids=lambda cloud: cloud.name)
def test_a_kind_of_storage_is_its_module_its_template_and_a_line(topics: Cloud, tmp_path: Path) -> None:
    stack = build(read_spec(write(tmp_path, WITH_TOPIC)), topics.name)
    files = {file.path: file.text for file in deliver.rendered(stack)}
    assert '"news"' in files["topic.tf"]
    for path in ("iam.tf", "monitoring.tf", "services.tf", "README.md"):
        assert "news" in files[path], path
    assert "NEWS_TOPIC" in files["services.tf"]
    assert "topic.tf" in files["README.md"]
    assert any(row.part == "topic" for row in stack.summary)


@pytest.mark.parametrize("topics", CLOUDS, indirect=True, ids=lambda cloud: cloud.name)
def test_every_other_target_refuses_the_kind_at_its_line(
    topics: Cloud, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, WITH_TOPIC)
    code, said = run(capsys, "render", "--target", "docker", "-o", str(tmp_path / "out"), path)
    assert code == 1
    assert "topics are not supported on docker yet" in said
    assert "cloudgen.yaml:6:" in said
    assert run(capsys, "explain", path, "--target", topics.name)[0] == 0


@pytest.mark.parametrize("nodes", CLOUDS, indirect=True, ids=lambda cloud: cloud.name)
def test_a_platform_is_its_package_its_templates_and_a_line(nodes: Cloud, tmp_path: Path) -> None:
    stack = build(read_spec(write(tmp_path, WITH_NODE)), nodes.name)
    files = {file.path: file.text for file in deliver.rendered(stack)}
    assert "web" in files["nodes.tf"]
    assert '"web"' not in files["services.tf"]
    assert "worker" in files["services.tf"]
    for path in ("iam.tf", "monitoring.tf", "load_balancer.tf", nodes.peers, "README.md"):
        assert "web" in files[path], path
    assert "Nodes are fake." in files["README.md"]
    assert nodes.step in files["deploy.sh"]
    assert "echo goodbye" in files["README.md"]
    assert 'output "nodes"' in files["outputs.tf"]


@pytest.mark.parametrize("nodes", CLOUDS, indirect=True, ids=lambda cloud: cloud.name)
def test_a_platform_with_an_entry_is_supported_and_one_without_is_not(
    nodes: Cloud, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, WITH_NODE)
    assert run(capsys, "explain", path, "--target", nodes.name)[0] == 0
    monkeypatch.delitem(nodes.platforms, "functions", raising=False)
    code, said = run(capsys, "render", "--target", "docker", "-o", str(tmp_path / "out"), path)
    assert (code, "platform kubernetes is not supported on docker yet" in said) == (1, True)
    text = explain_field("containers.web.scaling.cpu").text()
    assert f"{nodes.name} containers" in text
    assert f"{nodes.name} kubernetes" in text
    functions = WITH_NODE.replace("kubernetes", "functions")
    code, said = run(capsys, "render", "--target", nodes.name, "-o", str(tmp_path / "out"), write(tmp_path, functions))
    assert code == 1
    assert f"use platform: {alternatives(nodes.platforms)}" in said


def test_the_lines_beside_are_few(capsys: pytest.CaptureFixture[str]) -> None:
    counts = {
        "kind of storage": sum(map(len, TOPIC_LINES.values())),
        "platform": sum(map(len, NODE_LINES.values())),
    }
    with capsys.disabled():
        for what, number in counts.items():
            print(f"\na {what}: {number} lines outside its own folder", end="")
    assert counts == {"kind of storage": 5, "platform": 2}
