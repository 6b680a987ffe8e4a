"""What Terraform tells machines: launch templates and instance templates, applied on the stand-in providers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rig.standin.trees import variables_for
from rig.standin.workspace import Setup, Workspace


def templates(tree: Path, folder: Path, kind: str, registry: str, digest: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the attributes of all templates of machines of a tree, by the names of their containers.

    Everything in them is known, as they are applied with all that they depend on. The images have the digest.
    Raises `TerraformError`.
    """
    variables = variables_for(tree)
    variables["images"] = {name: f"{registry}/press/{name}@{digest}" for name in variables["images"]}
    workspace = Workspace.copy(tree, folder / "tree", Setup.make(folder / "providers"), variables)
    workspace.init()
    names = ("web", "printer")
    workspace.run("apply", "-auto-approve", "-input=false", *(f"-target={kind}.{name}" for name in names))
    found = {each.address: each.attributes for each in workspace.resources()}
    return {name: found[f"{kind}.{name}"] for name in names}
