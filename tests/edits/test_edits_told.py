"""What `render` says of an edit, at the line, and what it refuses, on both clouds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from edits.conftest import Life
from rig.updates.edit import base

DATABASE = "storage.databases.orders-db"
USED = {"containers.worker.connects_to": ["sessions", "assets", "jobs:consume"]}

REFUSED: dict[str, tuple[dict[str, Any], tuple[str, ...], tuple[str, ...]]] = {
    "database": (USED, (DATABASE,), ("error[edit-loses-data]", "this destroys its data", f"--forget {DATABASE}")),
    "cache": (
        {"containers.worker.connects_to": ["orders-db", "assets", "jobs:consume"]},
        ("storage.caches.sessions",),
        ("error[edit-loses-data]: cache sessions", "--allow-destroy storage.caches.sessions"),
    ),
    "bucket": (
        {"containers.worker.connects_to": ["orders-db", "sessions", "jobs:consume"]},
        ("storage.buckets",),
        ("error[edit-loses-data]: bucket assets", "--allow-destroy storage.buckets.assets"),
    ),
    "queue": (
        {
            "containers.worker.connects_to": ["orders-db", "sessions", "assets"],
            "containers.nightly.connects_to": ["assets"],
        },
        ("storage.queues",),
        ("error[edit-loses-data]: queue jobs", "--allow-destroy storage.queues.jobs"),
    ),
    "kept folder": (
        {"containers.worker.writable": ["inbox"]},
        (),
        (
            "error[edit-loses-data]: kept folder /app/inbox of worker is no longer in the spec",
            "this destroys its files",
            "--allow-destroy containers.worker.writable.app-inbox",
        ),
    ),
    "kept folder renamed": (
        {"containers.worker.writable": ["mail:keep"]},
        (),
        ("kept folder /app/inbox of worker is no longer in the spec, and kept folder /app/mail of worker is new",),
    ),
    "secret": (
        {},
        ("security.secrets", "containers.worker.secrets"),
        ("error[edit-loses-data]: secret stripe-key", "--allow-destroy security.secrets.stripe-key"),
    ),
    "engine": (
        {f"{DATABASE}.engine": "mysql", f"{DATABASE}.version": "8.4"},
        (),
        ("engine postgres becomes mysql, which destroys its data", "cannot change the engine"),
    ),
    "older version": (
        {f"{DATABASE}.version": "15"},
        (),
        ("error[edit-impossible]", "version 16 becomes 15", "no way back from 16"),
    ),
    "keys": (
        {"security.encryption": "provider_managed"},
        (),
        ("the customer's key is no longer in the spec", "--forget security.encryption", "cache sessions: encryption"),
    ),
    "state": (
        {"state": {"backend": "local"}},
        (),
        ("the bucket of Terraform's state", "--forget state.backend", "init -migrate-state"),
    ),
    "range": ({"networking.cidr": "10.99.0.0/16"}, (), ("error[edit-impossible]: the network: cidr",)),
    "environment": ({"environment": "production"}, (), ("error[other-deployment]", "environment staging", "with -o")),
    "name": ({"name": "store"}, (), ("error[other-deployment]", "name shop", "with -o")),
    "region": (
        {"targets.aws.region": "us-east-1", "targets.gcp.region": "us-east1"},
        (),
        ("error[other-deployment]", "holds the deployment of region", "with -o"),
    ),
    "account": (
        {"targets.aws.account": "999988887777", "targets.gcp.project": "other-shop"},
        (),
        ("error[other-deployment]", "with -o"),
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_loses_data_or_cannot_be_done_is_refused_at_the_line(life: Life, kind: str) -> None:
    change, remove, words = REFUSED[kind]
    before = life.snapshot()
    said = life.edit(change, remove=remove)
    assert life.code == 1
    assert "cloudgen.yaml:" in said
    assert [word for word in words if word not in said] == []
    assert life.snapshot() == before


def test_images_are_never_destroyed_unasked_when_no_container_is_built(life: Life) -> None:
    """On AWS the repository stays; on Google Cloud the registry would go, so the edit is refused."""
    before = life.record["parts"]["images"]
    change: dict[str, Any] = {f"containers.{name}.image": "python:3.14" for name in ("worker", "nightly")}
    # The same folder: what is below /app in an image of others has to be written from the root on.
    change["containers.worker.writable"] = ["/app/inbox:keep"]
    said = life.edit(change, remove=("containers.worker.build", "containers.nightly.build"))
    if life.code == 0:
        assert life.record["parts"]["images"] == before
    else:
        assert "the registry of images" in said
        assert "--allow-destroy images" in said
    assert (life.code == 0) == (life.target == "aws")


def test_a_load_balancer_that_is_protected_goes_in_two_steps(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """AWS deletes no protected load balancer, and finds that out when its listeners are gone already."""
    life = Life(tmp_path, "aws", capsys)
    protected = {"deletion_protection": True}
    life.render({**base("web"), "security": protected})
    said = life.edit({}, remove=("load_balancer",))
    assert life.code == 1
    assert "error[edit-impossible]: the load balancer is no longer in the spec, and cannot go" in said
    life.render({**base("web"), "security": {"deletion_protection": False}})
    assert "edit-impossible" not in life.edit({}, remove=("load_balancer",))
    assert life.code == 0


def test_whoever_says_that_a_load_balancer_is_protected_no_more_is_believed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    life = Life(tmp_path, "aws", capsys)
    life.render({**base("web"), "security": {"deletion_protection": True}})
    said = life.edit({}, "--allow-destroy", "load_balancer", remove=("load_balancer",))
    assert (life.code, "warning[edit-impossible]" in said) == (0, True)


def test_what_interrupts_is_told_and_written(life: Life) -> None:
    said = life.edit({f"{DATABASE}.version": "17", f"{DATABASE}.size": "medium"})
    assert life.code == 0
    assert said.count("warning[edit-interrupts]") == 2
    assert "version 16 becomes 17, which interrupts it: it does not answer for" in said
    assert "edit-" not in life.run("render", "-t", life.target)


def test_what_is_replaced_is_told_and_a_container_may_go(life: Life) -> None:
    said = life.edit({"containers.worker.schedule": {"cron": "0 4 * * *"}})
    assert life.code == 0
    assert "warning[edit-replaces]: container worker: kind worker becomes job, which replaces it" in said
    life.edit({}, remove=("containers.nightly",))
    assert life.code == 0
    assert "edit-" not in life.said


def test_a_container_called_like_a_part_of_cloudgens_own(life: Life) -> None:
    life.edit({"containers.images": {"build": {"context": "."}, "command": ["sleep", "9"]}})
    assert life.code == 0
    assert {"images", "containers.images"} <= life.record["parts"].keys()


def test_what_changes_in_place_is_not_told(life: Life) -> None:
    change = {f"{DATABASE}.disk": "200Gi", "storage.queues.jobs.ack_deadline": "300s", "labels": {"team": "shop"}}
    assert "edit-" not in life.edit({**change, "storage.databases.more": {}, "storage.caches.sessions.replicas": 2})
    assert life.code == 0


def test_all_parts_of_one_edit_are_told_at_once(life: Life) -> None:
    said = life.edit(
        {"containers.worker.connects_to": ["sessions", "jobs:consume"], f"{DATABASE.replace('orders', 'sales')}": {}},
        remove=(DATABASE, "storage.buckets.assets"),
    )
    assert life.code == 1
    assert said.count("error[edit-loses-data]") == 2
    said = life.run("render", "-t", life.target, "--allow-destroy", DATABASE)
    assert life.code == 1
    assert "warning[edit-loses-data]: database orders-db" in said
    assert "error[edit-loses-data]: bucket assets" in said
    life.run("render", "-t", life.target, "--allow-destroy", DATABASE, "--forget", "storage.buckets.assets")
    assert life.code == 0
    assert "storage.databases.sales-db" in life.record["parts"]


def test_a_new_name_is_told_where_it_stands(life: Life) -> None:
    said = life.edit(
        {"storage.buckets.files": {}, "containers.worker.connects_to": ["files"]}, remove=("storage.buckets.assets",)
    )
    assert "bucket assets is no longer in the spec, and bucket files is new" in said
    line = next(line for line in said[said.index("edit-loses-data") :].splitlines() if "-->" in line)
    number = int(line.rpartition("cloudgen.yaml:")[2].split(":")[0])
    assert (life.folder / "cloudgen.yaml").read_text().splitlines()[number - 1].strip().startswith("files:")


def test_destroying_is_asked_for_by_name(life: Life) -> None:
    life.edit(USED, "--allow-destroy", "storage.databases.other", remove=(DATABASE,))
    assert life.code == 1
    assert (
        "warning[unknown-part]: nothing in this folder that holds data is called storage.databases.other" in life.said
    )
    said = life.run("render", "-t", life.target, "--allow-destroy", DATABASE)
    assert life.code == 0
    assert "warning[edit-loses-data]" in said
    assert DATABASE not in life.record["parts"]
    assert not (life.tree / "removed.tf").exists()
    assert "edit-" not in life.run("render", "-t", life.target)


def test_dry_runs_tell_and_write_nothing(life: Life) -> None:
    before = life.snapshot()
    life.edit(USED, "--diff", remove=(DATABASE,))
    assert life.code == 1
    assert "error[edit-loses-data]" in life.said
    assert "\n--- a/database.tf" in life.said
    for option in ("--dry-run", "--check"):
        assert "error[edit-loses-data]" in life.run("render", "-t", life.target, option)
        assert life.code == 1
    life.run("render", "-t", life.target, "--dry-run", "--allow-destroy", DATABASE)
    assert life.code == 0
    assert life.snapshot() == before


def test_validate_tells_and_refuses_nothing(life: Life) -> None:
    life.edit(USED, "--dry-run", remove=(DATABASE,))
    said = life.run("validate", "-t", life.target, "--format", "json", "--strict")
    told = [problem for problem in json.loads(said[: said.rindex("]") + 1]) if problem["code"] == "edit-loses-data"]
    assert life.code == 1  # --strict, for the spec's own warnings
    life.run("validate", "-t", life.target, "--format", "github")
    assert life.code == 0
    assert "::warning file=" in life.said
    assert "title=edit-loses-data" in life.said
    assert told == []  # an invalid spec is not compared


def test_strict_is_about_the_spec_not_about_the_edit(life: Life) -> None:
    spec = {"version": 1, "name": "shop", "targets": life.spec["targets"], "containers": {"web": {"image": "a:1"}}}
    spec["storage"] = {"databases": {"main": {"size": "medium", "version": "17"}}}
    life.folder = life.folder / "strict"
    life.folder.mkdir()
    life.render(spec)
    quiet = life.edit({"storage.databases.main.version": "18"}, "--strict", "--dry-run")
    assert "edit-interrupts" in quiet or "warnings are errors" in quiet


def test_a_record_of_an_older_cloudgen_tells_nothing_and_learns(life: Life) -> None:
    life.forget_all()
    said = life.edit(USED, remove=(DATABASE,))
    assert life.code == 0
    assert "edit-" not in said
    assert life.record["version"] == 2
    assert DATABASE not in life.record["parts"]


def test_the_same_spec_only_completes_an_older_record(life: Life) -> None:
    before = life.snapshot()
    life.forget_all()
    life.run("render", "-t", life.target, "--check")
    assert life.code == 0
    assert life.record["version"] == 1
    assert ", 0 unchanged" not in life.run("render", "-t", life.target)
    assert life.snapshot() == before


def test_the_account_may_be_added_later(life: Life) -> None:
    spec = json.loads(json.dumps(life.spec))
    del spec["targets"]["aws"]["account"]
    life.render(spec)
    assert life.code == 0
    life.edit({"targets.aws.account": "111122223333"})
    assert life.code == 0


def test_another_targets_folder_is_refused(life: Life) -> None:
    other = {"aws": "gcp", "gcp": "aws"}[life.target]
    said = life.run("render", "-t", other, "-o", str(life.tree))
    assert life.code == 1
    assert f"target {life.target}" in said
    life.run("render", "-t", other, "-o", str(life.folder / "elsewhere"))
    assert life.code == 0


def test_the_keys_of_data_are_not_taken_back(life: Life) -> None:
    life.edit(
        {"security.encryption": "provider_managed"},
        "--forget",
        "security.encryption",
        "--allow-destroy",
        "storage.caches.sessions",
    )
    # ECR keeps the encryption of a repository; in Artifact Registry a new one would take its place.
    assert life.code == {"aws": 0, "gcp": 1}[life.target]
    told = "the registry of images: encryption customer_managed becomes provider_managed"
    assert (told in life.said) == (life.target == "gcp")
    named = (
        "--forget",
        "security.encryption",
        "--allow-destroy",
        "storage.caches.sessions",
        "--allow-destroy",
        "images",
    )
    life.run("render", "-t", life.target, *named)
    assert life.code == 0
    for module in ("", "bootstrap/"):
        text = (life.tree / f"{module}removed.tf").read_text()
        assert "_key.main\n" in text
        assert text.count("destroy = false") == text.count("removed {")
    assert DATABASE in life.record["parts"]
    said = life.edit({"security.encryption": "customer_managed"})
    assert life.code == 1
    assert "database orders-db: encryption provider_managed becomes customer_managed, which destroys" in said
    assert "warning[edit-let-go-before]: the customer's key" in said
