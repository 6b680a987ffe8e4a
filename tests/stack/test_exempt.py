"""Paths whose requests the firewall does not search."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cloudgen.errors import SpecError
from cloudgen.pipeline import build, read_spec
from cloudgen.stack.base import Problems
from cloudgen.stack.exempt import exempt_paths

SPEC = """\
version: 1
name: shop
targets: {{aws: {{region: eu-west-1}}, gcp: {{region: europe-west1, project: acme-shop}}}}
containers: {{web: {{port: 8000}}}}
load_balancer: {{domain: shop.example.com, waf_exceptions: {paths}}}
"""


@pytest.mark.parametrize(
    ("path", "fits"),
    [
        ("/uploads", True),
        ("/uploads/", True),
        ("/uploads/a/b", True),
        ("/api/v1.0/prompts", True),
        ("/api/v1x0/prompts", False),
        ("/uploads-of-others", False),
        ("/x/uploads", False),
        ("/", False),
    ],
)
def test_a_path_and_all_below_it(path: str, fits: bool) -> None:
    expression = exempt_paths(["/uploads", "/api/v1.0/prompts"], 512, "a cloud", Problems())
    assert expression is not None
    assert bool(re.search(expression, path)) == fits


def test_none_without_paths() -> None:
    assert exempt_paths([], 512, "a cloud", Problems()) is None


@pytest.mark.parametrize(
    ("paths", "said"),
    [
        ("[/]", "/ excepts everything"),
        ("[uploads]", "is not a URL path"),
        ("['/a b']", "is not a URL path"),
    ],
)
def test_paths_that_are_none(paths: str, said: str, tmp_path: Path) -> None:
    spec = tmp_path / "cloudgen.yaml"
    spec.write_text(SPEC.format(paths=paths), encoding="utf-8")
    with pytest.raises(SpecError) as error:
        read_spec(str(spec))
    assert said in error.value.problems[0].message


def test_what_is_too_long_for_a_cloud_is_told_at_the_line(tmp_path: Path) -> None:
    spec = tmp_path / "cloudgen.yaml"
    paths = ", ".join(f"/{letter * 110}" for letter in "abcde")
    spec.write_text(SPEC.format(paths=f"[{paths}]"), encoding="utf-8")
    with pytest.raises(SpecError) as error:
        build(read_spec(str(spec)), "aws")
    assert "AWS WAF takes 512" in error.value.problems[0].message
    assert error.value.problems[0].position is not None
    assert build(read_spec(str(spec)), "gcp").target == "gcp"
