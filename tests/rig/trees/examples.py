"""The applications under examples/, which users copy from."""

from __future__ import annotations

from pathlib import Path

EXAMPLES = {path.parent.name: path for path in sorted(Path(__file__).parents[3].glob("examples/*/cloudgen.yaml"))}
"""The spec of each, by the name of its folder."""
