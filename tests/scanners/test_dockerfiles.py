"""checkov and hadolint find nothing in the Dockerfiles of the golden cases and of the examples.

No Kubernetes manifests are rendered yet; checkov looks for them in the same trees, so that the first one counts.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rig.figures import Figures
from rig.scanners.protections import FIELD
from rig.tools.checkov import SKIP, gather, scan
from rig.tools.hadolint import IGNORE, ignored, lint
from rig.tools.toolbox import Require
from rig.trees.golden import golden_cases
from rig.trees.render import render

EXAMPLES = Path(__file__).parents[2] / "examples"

# A finding of each tool at least, in one line each.
BAD_DOCKERFILE = "FROM python:latest\nRUN cd /srv && apt-get install curl\nADD app /srv/app\n"
BAD_MANIFEST = """
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: web, image: web, securityContext: {privileged: true}}]}
"""


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything that is rendered for Docker: the golden trees, and those of the examples."""
    root = tmp_path_factory.mktemp("docker") / "trees"
    gather(root, {case.name: case.tree("docker") for case in golden_cases("docker")})
    for spec in sorted(EXAMPLES.glob("*/cloudgen.yaml")):
        render(spec, "docker", root / f"example-{spec.parent.name}")
    return root


@pytest.fixture(scope="module")
def images(trees: Path) -> list[Path]:
    """The Dockerfiles in there."""
    found = sorted(trees.rglob("*.Dockerfile"))
    assert len(found) >= 12
    assert any(path.parent.name.startswith("example-") for path in found)
    return found


@pytest.mark.checkov
def test_checkov_finds_nothing(trees: Path, images: list[Path], require: Require, figures: Figures) -> None:
    assert not [path for path in images if SKIP.search(path.read_text(encoding="utf-8"))]
    for framework, found in scan(require("checkov"), trees, "dockerfile", "kubernetes").items():
        figures.tell("checkov", f"docker, {framework}: {found}")
        assert not found.unread
        assert not sorted(found.failed)
        assert not found.suppressed
        assert framework == "kubernetes" or found.resources >= len(images)


@pytest.mark.checkov
def test_checkov_would_find_something(require: Require, tmp_path: Path) -> None:
    """Both frameworks look at what is called as our files are."""
    (tmp_path / "web.Dockerfile").write_text(BAD_DOCKERFILE, encoding="utf-8")
    (tmp_path / "web.yaml").write_text(BAD_MANIFEST, encoding="utf-8")
    found = scan(require("checkov"), tmp_path, "dockerfile", "kubernetes")
    assert {"CKV_DOCKER_3", "CKV_DOCKER_7"} <= {one.check for one in found["dockerfile"].failed}
    assert "CKV_K8S_16" in {one.check for one in found["kubernetes"].failed}


def test_hadolint_finds_nothing(images: list[Path], require: Require, figures: Figures, tmp_path: Path) -> None:
    """Nothing of any severity but what comments suppress; and what they suppress is there without them."""
    hadolint = require("hadolint")
    assert not lint(hadolint, images, tmp_path)
    found = {(one.file, one.code) for one in lint(hadolint, images, tmp_path, heed_comments=False)}
    assert found == {(path, code) for path in images for code in ignored(path)}
    reasons = {match["above"] for path in images for match in IGNORE.finditer(path.read_text(encoding="utf-8"))}
    assert reasons
    assert all(FIELD.search(reason or "") for reason in reasons)
    figures.tell("hadolint", f"{len(images)} Dockerfiles, 0 findings, {len(found)} suppressed")


def test_hadolint_would_find_something(images: list[Path], require: Require, tmp_path: Path) -> None:
    hadolint = require("hadolint")
    bad = tmp_path / "web.Dockerfile"
    bad.write_text(BAD_DOCKERFILE, encoding="utf-8")
    assert {"DL3007", "DL3008"} <= {one.code for one in lint(hadolint, [bad], tmp_path)}
    bad.write_text(f"# hadolint global ignore=DL3007,DL3008\n{BAD_DOCKERFILE}", encoding="utf-8")
    assert ignored(bad) == {"DL3007", "DL3008"}
    assert not {"DL3007", "DL3008"} & {one.code for one in lint(hadolint, [bad], tmp_path)}
    assert {"DL3007", "DL3008"} <= {one.code for one in lint(hadolint, [bad], tmp_path, heed_comments=False)}
    worse = tmp_path / "worse.Dockerfile"
    shutil.copyfile(images[0], worse)
    text = worse.read_text(encoding="utf-8")
    worse.write_text(text.replace("FROM python:", "FROM python:latest AS unused\nFROM python:", 1), encoding="utf-8")
    assert text != worse.read_text(encoding="utf-8")
    assert [one.code for one in lint(hadolint, [worse], tmp_path)] == ["DL3007"]
