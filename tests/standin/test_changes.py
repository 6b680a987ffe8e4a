"""What replaces a resource is known as the real providers told it, and the stand-ins plan by it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from rig.figures import Figures
from rig.real_provider.asking import Asking, attributes, least, sample
from rig.real_provider.mirror import find_provider
from rig.real_provider.sources import SOURCES, Source, started
from rig.standin.changes import Changes, changes_of, file_of
from rig.standin.replacement import replaced_paths
from rig.standin.trees import golden_trees
from rig.tools.toolbox import MissingToolError, Require

CLOUDS = {"aws": "aws", "google": "gcp", "random": "gcp", "time": "gcp"}
"""The target whose trees use a provider."""


def emitted(provider: str) -> set[str]:
    """The types of a provider that the golden trees have."""
    trees = golden_trees(CLOUDS[provider]).values()
    text = "".join(file.read_text(encoding="utf-8") for tree in trees for file in tree.rglob("*.tf"))
    return set(re.findall(rf'^resource "({provider}_\w+)"', text, re.M))


@pytest.mark.parametrize("provider", CLOUDS)
def test_every_emitted_type_was_asked(provider: str) -> None:
    found = changes_of(provider)
    assert emitted(provider) <= set(found)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.wanted.name)
def test_the_real_provider_tells_the_same(source: Source, tmp_path: Path, require: Require, figures: Figures) -> None:
    """Of the types that the golden trees have; all others are asked when the file is recorded."""
    require("terraform")
    name = source.wanted.name
    try:
        found = find_provider(source.wanted)
    except MissingToolError as missing:
        figures.tell("What replaces a resource", f"{name}: recorded, not compared: {missing}")
        pytest.skip(str(missing))
    version = ".".join(map(str, found.version))
    if file_of(name).stem != f"{name}-{version}":
        pytest.skip(f"{name} {version} is here, and {file_of(name).stem} is recorded: tools/record_changes.py")
    asked = sorted(emitted(name) - {"aws_wafv2_web_acl"})
    with started(source, found, tmp_path) as plugin:
        told = {kind: Asking(plugin, kind).ask() for kind in asked}
    differing = {
        kind: (told[kind].replaced_by, told[kind].replaced_by_count)
        for kind in asked
        if (tuple(told[kind].replaced_by), tuple(told[kind].replaced_by_count))
        != (changes_of(name)[kind].replaced_by, changes_of(name)[kind].replaced_by_count)
    }
    assert differing == {}
    facts = sum(len(one.replaced_by) + len(one.replaced_by_count) for one in told.values())
    figures.tell("What replaces a resource", f"{name} {version}: {len(told)} types, {facts} facts, 0 differences")


@pytest.mark.parametrize(
    ("provider", "kind", "replaced", "stays"),
    [
        ("google", "google_compute_region_network_endpoint_group", {"cloud_run", "cloud_run.service"}, {"annotations"}),
        ("google", "google_memorystore_instance", {"zone_distribution_config"}, {"zone_distribution_config.mode"}),
        ("google", "google_secret_manager_secret", {"replication.user_managed.replicas.location"}, {"labels"}),
        ("google", "google_sql_database_instance", {"encryption_key_name"}, {"database_version", "settings.tier"}),
        ("google", "google_cloud_run_v2_service", {"name"}, {"template.containers.image", "deletion_protection"}),
        ("aws", "aws_ecr_repository", {"encryption_configuration.kms_key", "name"}, {"force_delete"}),
        ("aws", "aws_db_parameter_group", {"family", "name"}, {"parameter.value"}),
        ("aws", "aws_kms_alias", {"name"}, {"target_key_id"}),
        ("aws", "aws_lb_target_group", {"port", "protocol", "vpc_id"}, {"health_check.path"}),
        ("time", "time_sleep", {"triggers"}, {"create_duration"}),
        ("random", "random_id", {"byte_length", "keepers"}, set()),
    ],
)
def test_what_is_known_of_some_types(provider: str, kind: str, replaced: set[str], stays: set[str]) -> None:
    known = changes_of(provider)[kind]
    told = {*known.replaced_by, *known.replaced_by_count}
    assert replaced <= told
    assert not stays & told


BLOCK = {
    "attributes": {"name": {"type": "string"}, "size": {"type": "number"}},
    "block_types": {
        "one": {"nesting_mode": "list", "block": {"attributes": {"text": {"type": "string"}}}},
        "many": {"nesting_mode": "set", "block": {"attributes": {"text": {"type": "string"}}}},
        "single": {"nesting_mode": "single", "block": {"attributes": {"text": {"type": "string"}}}},
    },
}
KNOWN = Changes(("name", "one.text", "many.text", "single.text", "gone.text"), ("one",))
OLD: dict[str, Any] = {
    "name": "a",
    "size": 1,
    "one": [{"text": "x"}],
    "many": [{"text": "x"}, {"text": "y"}],
    "single": {"text": "x"},
}


@pytest.mark.parametrize(
    ("change", "paths"),
    [
        ({}, []),
        ({"size": 2}, []),
        ({"name": "b"}, [("name",)]),
        ({"one": [{"text": "z"}]}, [("one", 0, "text")]),
        ({"one": [{"text": "x"}, {"text": "z"}]}, [("one", 1, "text"), ("one",)]),
        ({"one": []}, [("one", 0, "text"), ("one",)]),
        ({"one": [{"text": "x"}, {"text": ""}]}, [("one",)]),
        ({"many": [{"text": "y"}, {"text": "x"}]}, []),
        ({"many": [{"text": "y"}, {"text": "z"}]}, [("many",)]),
        ({"single": {"text": "z"}}, [("single", "text")]),
    ],
)
def test_the_paths_of_what_is_replaced(change: dict[str, Any], paths: list[tuple[str | int, ...]]) -> None:
    assert replaced_paths(BLOCK, KNOWN, OLD, OLD | change) == paths


def test_what_is_asked_of_a_block() -> None:
    block = {
        "attributes": {
            "id": {"type": "string", "optional": True, "computed": True},
            "name": {"type": "string", "required": True},
            "arn": {"type": "string", "computed": True},
            "secret": {"type": "string", "optional": True, "write_only": True},
        },
        "block_types": {
            "rule": {
                "nesting_mode": "list",
                "min_items": 1,
                "max_items": 0,
                "block": {"attributes": {"port": {"type": "number", "required": True}}, "block_types": {}},
            }
        },
    }
    assert [".".join(way) for way, _ in attributes(block, 8)] == ["name", "rule.port"]
    assert [".".join(way) for way, _ in attributes(block, 0)] == ["name"]
    assert least(block) == {"id": None, "name": "sample-a", "arn": None, "secret": None, "rule": [{"port": 11}]}
    assert sample(["set", ["object", {"a": "bool"}]], second=True) == [{"a": True}]
