"""Any spec is rendered or refused at a line; what is rendered is HCL, in which no two blocks have one address."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path, PurePosixPath
from random import Random

import hcl2
import pytest

from cloudgen.errors import SpecError
from cloudgen.pipeline import build, read_spec
from cloudgen.render import RenderedFile, render
from rig.specs.any_spec import any_spec

SEEDS = range(60)
"""The same in every run: a failure has to be seen again."""
BLOCK = re.compile(r'^(resource|data|variable|output|module)((?: "[\w-]+")+) \{', re.MULTILINE)


def rendered(seed: int, target: str, folder: Path) -> tuple[RenderedFile, ...] | None:
    """Return what is rendered, or None for what the target refuses. Fails unless each problem has its place."""
    spec = folder / "cloudgen.yaml"
    # JSON is YAML, and has no anchors.
    spec.write_text(json.dumps(any_spec(Random(seed)), indent=1), encoding="utf-8")
    read = read_spec(str(spec))
    try:
        return render(build(read, target))
    except SpecError as refused:
        placeless = [problem.message for problem in refused.problems if not problem.path]
    assert not placeless
    return None


@pytest.mark.parametrize("target", ["aws", "gcp", "docker"])
@pytest.mark.parametrize("seed", SEEDS)
def test_any_spec_is_rendered_or_refused(seed: int, target: str, tmp_path: Path) -> None:
    blocks: Counter[tuple[str, str]] = Counter()
    for file in rendered(seed, target, tmp_path) or ():
        if file.path.endswith(".tf"):
            module = str(PurePosixPath(file.path).parent)
            blocks.update((module, " ".join(found.groups())) for found in BLOCK.finditer(file.text))
    assert not [block for block, times in blocks.items() if times > 1]


@pytest.mark.parametrize("target", ["aws", "gcp"])
@pytest.mark.parametrize("seed", SEEDS[::10])
def test_it_is_hcl(seed: int, target: str, tmp_path: Path) -> None:
    for file in rendered(seed, target, tmp_path) or ():
        if file.path.endswith(".tf"):
            assert hcl2.loads(file.text)


def test_most_of_them_are_rendered(tmp_path: Path) -> None:
    """So that the others say something."""
    for target in ("aws", "gcp", "docker"):
        assert sum(rendered(seed, target, tmp_path) is not None for seed in SEEDS[:20]) > 10
