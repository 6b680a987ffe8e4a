"""Every application under examples/ renders for every target, and `cloudgen init` finds out what its spec says."""

from __future__ import annotations

from pathlib import Path

import pytest

from cloudgen.detect.application import detect
from cloudgen.pipeline import read_spec
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
    (service,) = [container for container in deployment.containers.values() if container.port]
    build = service.build_or_default
    assert build is not None
    assert found.name == deployment.name
    assert (found.app, found.interface, found.package_manager) == (build.app, build.interface, build.package_manager)
    assert (found.python, found.health) == (build.python, service.health_check.path)
    assert [found.database] == [database.engine for database in deployment.storage.databases.values()]
    assert (found.cache, found.bucket) == (bool(deployment.storage.caches), bool(deployment.storage.buckets))
    assert not found.advice


def test_each_framework_has_one() -> None:
    assert {"fastapi-shop", "flask-links", "django-notes"} <= set(EXAMPLES)
