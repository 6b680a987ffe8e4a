"""Every application under examples/ renders for every target, and `cloudgen init` finds out what its spec says."""

from __future__ import annotations

from pathlib import Path

import pytest

from cloudgen.detect.application import detect
from cloudgen.pipeline import build, read_spec
from rig.trees.examples import EXAMPLES
from rig.trees.render import render


@pytest.mark.parametrize("target", ["aws", "gcp", "docker"])
@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_renders(name: str, target: str, tmp_path: Path) -> None:
    render(EXAMPLES[name], target, tmp_path)
    assert (tmp_path / "README.md").is_file()


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_init_finds_out_what_the_spec_says(name: str) -> None:
    found = detect(EXAMPLES[name].parent)
    deployment = read_spec(str(EXAMPLES[name])).deployment
    (service,) = [container for container in deployment.containers.values() if container.port or container.trigger]
    build = service.build_or_default
    assert build is not None
    assert found.name == deployment.name
    assert (found.app, found.interface, found.package_manager) == (build.app, build.interface, build.package_manager)
    assert found.python == build.python
    # Nobody asks what events start whether it is well, so it has no route for that, and `init` says so.
    assert found.health == (service.health_check.path if service.port else None)
    assert ["health_check.path" in advice for advice in found.advice] == ([] if service.port else [True])
    engines = [str(database.engine) for database in deployment.storage.databases.values()]
    assert [found.database or "none"] == (engines or ["none"])
    assert (found.cache, found.bucket) == (bool(deployment.storage.caches), bool(deployment.storage.buckets))


def test_each_framework_has_one() -> None:
    assert {"fastapi-shop", "flask-links", "django-notes"} <= set(EXAMPLES)


def test_a_function_is_among_them_and_nothing_is_warned_of() -> None:
    """What is told of an example, a user would wonder about."""
    spec = read_spec(str(EXAMPLES["shop-invoices"]))
    (renderer,) = spec.deployment.containers.values()
    assert spec.deployment.is_function(renderer)
    assert [list(build(spec, target).warnings) for target in ("aws", "gcp", "docker")] == [[], [], []]
