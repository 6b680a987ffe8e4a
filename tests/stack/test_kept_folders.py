"""Kept folders on both clouds: a store for each, which its container alone reaches, and what is said of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from cloudgen.errors import SpecError
from cloudgen.pipeline import build, read_spec
from cloudgen.render import render

HEAD = """version: 1
name: shop
targets: {aws: {region: eu-west-1}, gcp: {region: europe-west1, project: acme-shop}}
"""
CLOUDS = ("aws", "gcp")
STORE = {"aws": "aws_efs_file_system", "gcp": "google_storage_bucket"}


def stack_of(containers: str, cloud: str, folder: Path, more: str = "") -> Any:
    """Build the stack of a spec with these containers. Raises `SpecError`."""
    spec = folder / "cloudgen.yaml"
    spec.write_text(HEAD + f"containers:\n  {containers}\n" + more, encoding="utf-8")
    return build(read_spec(str(spec)), cloud)


def text_of(containers: str, cloud: str, folder: Path, more: str = "") -> str:
    return "\n".join(file.text for file in render(stack_of(containers, cloud, folder, more)) if "/" not in file.path)


def stores(text: str, cloud: str) -> list[str]:
    return re.findall(rf'^resource "{STORE[cloud]}" "(\w+)"', text, re.M)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_each_folder_has_a_store_of_its_own(cloud: str, tmp_path: Path) -> None:
    text = text_of("web: {port: 8000, writable: ['media:keep', '/srv/x:keep', logs]}", cloud, tmp_path)
    assert stores(text, cloud) == ["web_app_media", "web_srv_x"]


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize(
    "container",
    [
        "{port: 8000, writable: ['media:keep'], release: [python, -m, shop.migrate]}",
        "{command: [work], writable: ['media:keep']}",
        "{command: [work], schedule: {cron: '0 2 * * *'}, writable: ['media:keep']}",
        "{image: 'ghcr.io/acme/web:1', port: 80, writable: ['/srv/media:keep']}",
    ],
    ids=["service", "worker", "job", "image"],
)
def test_whatever_runs_on_containers_mounts_it(cloud: str, container: str, tmp_path: Path) -> None:
    text = text_of(f"web: {container}", cloud, tmp_path)
    (store,) = stores(text, cloud)
    mounts = text.count(f"aws_efs_file_system.{store}.id\n      transit_encryption") if cloud == "aws" else 0
    if cloud == "gcp":
        mounts = text.count(f"= google_storage_bucket.{store}.name\n") - text.count(
            f"  bucket = google_storage_bucket.{store}"
        )
    # Cloud Run runs the commands of a service or worker pool by a job of its own.
    assert mounts == (2 if cloud == "gcp" and "schedule" not in container else 1)


def test_two_folders_of_a_container_are_one_statement_by_their_own_access_points(tmp_path: Path) -> None:
    text = text_of("web: {command: [work], writable: ['a:keep', 'b:keep']}", "aws", tmp_path)
    (statement,) = re.findall(r'sid       = "UseKeptFolders".*?\n  }\n', text, re.S)
    for each in ("a", "b"):
        assert f"aws_efs_file_system.web_app_{each}.arn" in statement
        assert f"aws_efs_access_point.web_app_{each}.arn" in statement
    assert "ClientRootAccess" not in statement


def test_only_its_own_container_is_let_in(tmp_path: Path) -> None:
    text = text_of(
        "web: {command: [work], writable: ['a:keep']}\n  other: {command: [work], writable: ['a:keep']}",
        "aws",
        tmp_path,
    )
    rules = re.findall(
        r'ingress_rule" "(\w+)" \{.*?referenced_security_group_id = aws_security_group\.(\w+)', text, re.S
    )
    assert [rule for rule in rules if "app_a" in rule[0]] == [
        ("web_app_a_from_web", "web"),
        ("other_app_a_from_other", "other"),
    ]


def test_tasks_on_machines_mount_the_same_way(tmp_path: Path) -> None:
    container = "web: {command: [work], capacity: instances, writable: ['a:keep']}"
    text = text_of(container, "aws", tmp_path)
    assert "access_point_id = aws_efs_access_point.web_app_a.id" in text
    assert "aws_efs_mount_target.web_app_a," in text


def test_a_function_of_cloud_run_mounts_it(tmp_path: Path) -> None:
    text = text_of("web: {port: 8000, platform: functions, writable: ['a:keep']}", "gcp", tmp_path)
    assert 'mount_path = "/app/a"' in text
    assert "bucket        = google_storage_bucket.web_app_a.name" in text


@pytest.mark.parametrize(
    ("container", "options"),
    [
        ("{port: 8000, writable: ['/srv/a:keep']}", '["uid=10001", "gid=10001"]'),
        ("{port: 8000, user: 999, writable: ['/srv/a:keep']}", '["uid=999", "gid=999"]'),
        (
            "{port: 8000, image: 'ghcr.io/acme/web:1', writable: ['/srv/a:keep']}",
            '["uid=10001", "gid=10001", "dir-mode=777", "file-mode=666"]',
        ),
    ],
)
def test_cloud_run_gives_the_folder_to_the_user_or_to_all(container: str, options: str, tmp_path: Path) -> None:
    assert f"mount_options = {options}" in text_of(f"web: {container}", "gcp", tmp_path)


@pytest.mark.parametrize("user", ["", ", user: 999"])
def test_efs_makes_everybody_the_same_user(user: str, tmp_path: Path) -> None:
    """Another user in the spec would else lose the files of the one before."""
    text = text_of(f"web: {{port: 8000{user}, writable: ['a:keep']}}", "aws", tmp_path)
    assert "    uid = 10001\n" in text


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("protected", [True, False])
def test_protection_is_that_of_the_spec(cloud: str, protected: bool, tmp_path: Path) -> None:
    more = f"security: {{deletion_protection: {str(protected).lower()}}}\n"
    text = text_of("web: {port: 8000, writable: ['a:keep']}", cloud, tmp_path, more)
    block = text.split(f'resource "{STORE[cloud]}" "web_app_a"')[1].split("\n}\n")[0]
    assert (("prevent_destroy = true" if cloud == "aws" else "force_destroy = false") in block) is protected


@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_differs_is_told_at_the_line(cloud: str, tmp_path: Path) -> None:
    stack = stack_of("web: {port: 8000, writable: [logs, 'a:keep']}", cloud, tmp_path)
    (told,) = (each for each in stack.warnings if each.path == ("containers", "web", "writable"))
    assert told.code == "approximated"
    assert "`/app/a` of `web`" in told.message
    assert "begins empty" in told.message


@pytest.mark.parametrize("cloud", CLOUDS)
def test_it_is_remembered_as_what_holds_data(cloud: str, tmp_path: Path) -> None:
    stack = stack_of("web: {port: 8000, writable: ['a.b:keep']}", cloud, tmp_path)
    (held,) = (each for each in stack.held if each.name == "containers.web.writable.app-a-b")
    assert held.title == "kept folder /app/a.b of web"
    assert held.keeps.startswith("its files")
    assert f"{STORE[cloud]}.web_app_a_b" in map(str, held.blocks["root"])


@pytest.mark.parametrize("cloud", [*CLOUDS, "docker"])
@pytest.mark.parametrize("folders", ["['Data:keep', 'data:keep']", "['a_b:keep', 'a-b:keep']", "['a:keep', a]"])
def test_folders_that_would_be_one_store_are_refused(cloud: str, folders: str, tmp_path: Path) -> None:
    with pytest.raises(SpecError) as error:
        stack_of(f"web: {{port: 8000, writable: {folders}}}", cloud, tmp_path)
    assert ("containers", "web", "writable") in {problem.path for problem in error.value.problems}
    assert {problem.code for problem in error.value.problems} <= {"duplicate", "name-clash", "reserved-name"}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_names_that_join_to_one_are_refused(cloud: str, tmp_path: Path) -> None:
    containers = "a: {command: [work], writable: ['/b/c:keep']}\n  a-b: {command: [work], writable: ['/c:keep']}"
    with pytest.raises(SpecError) as error:
        stack_of(containers, cloud, tmp_path)
    assert {problem.code for problem in error.value.problems} <= {"name-clash", "reserved-name"}


def test_a_bucket_that_google_would_refuse_is_told_at_the_folder(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as error:
        stack_of("web: {port: 8000, writable: ['google:keep']}", "gcp", tmp_path)
    (problem,) = error.value.problems
    assert problem.path == ("containers", "web", "writable")
    assert "the container, the folder and the project" in str(problem.hint)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_long_names_fit(cloud: str, tmp_path: Path) -> None:
    folder = "/srv/" + "/".join(["a" * 60] * 3)
    text = text_of(f"{'w' * 20}: {{port: 8000, writable: ['{folder}:keep']}}", cloud, tmp_path)
    for argument, longest in (("alarm_name", 255), ("name_prefix", 229), ("description", 255), ("bucket_name", 63)):
        found = re.findall(rf'^  {argument} += "([^"]*)"', text, re.M)
        assert all(len(each) <= longest for each in found), argument
    if cloud == "gcp":
        assert all(len(name) <= 63 for name in re.findall(r'volumes \{\n +name = "([^"]*)"', text))
        assert all(
            len(name) <= 63 for name in re.findall(r'"google_storage_bucket" "\w+" \{.*?name +="?([^"]+)"', text, re.S)
        )


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_picture_and_explain_show_it(cloud: str, tmp_path: Path) -> None:
    stack = stack_of("web: {port: 8000, writable: ['a:keep']}", cloud, tmp_path)
    assert "web_app-a" in stack.readme.diagram
    (row,) = (row for row in stack.summary if row.part == "kept folder")
    assert row.name == "web /app/a"
    assert row.resource == STORE[cloud]
