"""Every part says which blocks it renders: clash checks and counts rely on that."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from cloudgen.render import render

BLOCK = re.compile(r'^(resource|data) "(\w+)" "(\w+)"', re.MULTILINE)
CLOUDS = ("aws",)


def rendered(stack: Any) -> Counter[str]:
    """The addresses of all blocks of the root module."""
    text = "\n".join(file.text for file in render(stack) if re.fullmatch(r"[^/]+\.tf", file.path))
    return Counter(f"{'data.' if kind == 'data' else ''}{type_}.{label}" for kind, type_, label in BLOCK.findall(text))
