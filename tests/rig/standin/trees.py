"""The golden trees of a cloud, and values for their variables: what a cycle on the stand-in providers is given.

    trees = golden_trees("aws")
    life = live(trees["reference"], "6", variables_for(trees["reference"]))
    life.plan        # the plan of the root module, in Terraform's JSON form
    life.plans       # the plans by module: `bootstrap`, `.`
    life.resources   # Counter of resource types

What a green cycle means: `tests/rig/standin/README.md`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from rig.standin.life import VARIABLE
from rig.trees.golden import FOLDER

MAJORS = {"aws": ("6",), "gcp": ("8", "7")}
"""The major versions of each cloud's provider whose schema is recorded; the first one is the newest."""

DIGEST = "@sha256:" + "0" * 64
IMAGES = {
    "hashicorp/aws": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/{name}" + DIGEST,
    "hashicorp/google": "europe-west1-docker.pkg.dev/acme-shop/shop/{name}" + DIGEST,
}
USED_KEY = re.compile(
    r'var\.(?P<name>\w+)\["(?P<key>[^"]+)"\]|var\.(?P<name2>\w+)\.(?P<key2>[\w-]+)'
    r'|lookup\(var\.(?P<name3>\w+), "(?P<key3>[^"]+)"'
)


def golden_trees(cloud: str) -> dict[str, Path]:
    """Return the golden trees for a cloud (`aws`, `gcp`) by the name of their case."""
    return {folder.parent.name: folder for folder in sorted(FOLDER.glob(f"*/{cloud}")) if any(folder.glob("*.tf"))}


SECRET = "for the stand-in only"
"""The value of every secret."""


def variables_for(folder: Path) -> dict[str, Any]:
    """Return values for the variables of a tree that a user has to give: those without a default, and the secrets.

    An image for each key that is used, a text for each secret, else any text.
    """
    text = "\n".join(file.read_text(encoding="utf-8") for file in folder.rglob("*.tf"))
    image = next((image for source, image in IMAGES.items() if source in text), "{name}" + DIGEST)
    found: dict[str, Any] = {}
    for match in VARIABLE.finditer(text):
        name, body = match["name"], match["body"]
        secret = re.search(r"^\s*ephemeral\s*=\s*true", body, re.M)
        if re.search(r"^  default\s*=", body, re.M) and not secret:
            continue
        if re.search(r"type\s*=\s*(map|object)", body):
            keys = sorted({key for variable, key in _used_keys(text) if variable == name})
            found[name] = {key: SECRET if secret else image.format(name=key) for key in keys}
        elif re.search(r"type\s*=\s*number", body):
            found[name] = 1
        else:
            found[name] = "123456789012" if "number" in name else "standin-value"
    return found


def _used_keys(text: str) -> set[tuple[str, str]]:
    return {
        (use["name"] or use["name2"] or use["name3"], use["key"] or use["key2"] or use["key3"])
        for use in USED_KEY.finditer(text)
    }
