"""The modules bootstrap/ and account/ state the blocks that they render, too."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from cloudgen.pipeline import build, read_spec
from cloudgen.stack.gcp.stack import GcpStack

GOLDEN = Path(__file__).parents[2] / "golden"
CASES = sorted(path.parent.name for path in GOLDEN.glob("*/gcp") if (path.parent / "cloudgen.yaml").is_file())
BLOCK = re.compile(r'^(resource|data|ephemeral) "(\w+)" "(\w+)"', re.MULTILINE)


def _stack(case: str) -> GcpStack:
    stack = build(read_spec(str(GOLDEN / case / "cloudgen.yaml")), "gcp")
    assert isinstance(stack, GcpStack)
    return stack


def _rendered(folder: Path) -> Counter[str]:
    """The addresses of the blocks in the files of a module, without those of modules below."""
    found = [block for file in folder.glob("*.tf") for block in BLOCK.findall(file.read_text(encoding="utf-8"))]
    return Counter(
        f"{type_}.{label}" if sort == "resource" else f"{sort}.{type_}.{label}" for sort, type_, label in found
    )


def test_there_are_cases() -> None:
    assert len(CASES) > 10


@pytest.mark.parametrize("case", CASES)
def test_the_blocks_stated_are_the_blocks_rendered(case: str) -> None:
    stack, folder = _stack(case), GOLDEN / case / "gcp"
    for part, name in ((stack.bootstrap, "bootstrap"), (stack.audit, "account")):
        assert Counter(map(str, part.blocks if part else ())) == _rendered(folder / name), name
