"""`cycle` for trees of Google Cloud: the real Terraform, on the project's stand-in for hashicorp/google.

    report = cycle(folder, schema="8", variables={"images": {...}})
    report.plan        # the plan of the root module, in Terraform's JSON form
    report.resources   # Counter of resource types

What a green cycle means: the tree is formatted, valid for the provider's recorded schema, breaks none of the rules of
`standin.rules`, is stable on a second plan, depends on what it needs, and can be destroyed. It does not mean that
Google accepts it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from standin.cycle import Cycle, cycle
from support.golden import FOLDER

__all__ = ["EXAMPLES", "Cycle", "cycle", "golden_trees", "variables_for"]

EXAMPLES = Path(__file__).parents[1] / "standin" / "examples"
IMAGE = "europe-west1-docker.pkg.dev/acme-shop/shop/{name}@sha256:" + "0" * 64
REQUIRED = re.compile(r'variable "(?P<name>\w+)" \{(?P<body>.*?)\n\}', re.S)
USED_KEY = re.compile(r'var\.(?P<name>\w+)\["(?P<key>[^"]+)"\]|var\.(?P<name2>\w+)\.(?P<key2>[\w-]+)')


def golden_trees() -> dict[str, Path]:
    """Return the golden trees for Google Cloud by the name of their case; empty as long as there are none."""
    return {folder.parent.name: folder for folder in sorted(FOLDER.glob("*/gcp")) if any(folder.glob("*.tf"))}


def variables_for(folder: Path) -> dict[str, Any]:
    """Return values for the variables of a tree that have no default: an image for each key that is used, else text."""
    text = "\n".join(file.read_text(encoding="utf-8") for file in folder.rglob("*.tf"))
    found: dict[str, Any] = {}
    for match in REQUIRED.finditer(text):
        name, body = match["name"], match["body"]
        if re.search(r"^\s*default\s*=", body, re.M):
            continue
        keys = {use["key"] or use["key2"] for use in USED_KEY.finditer(text) if name in (use["name"], use["name2"])}
        if re.search(r"type\s*=\s*(map|object)", body):
            found[name] = {key: IMAGE.format(name=key) for key in sorted(keys)}
        elif re.search(r"type\s*=\s*number", body):
            found[name] = 1
        else:
            found[name] = "123456789012" if "number" in name else "standin-value"
    return found
