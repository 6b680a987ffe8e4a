"""What a module reads beside its HCL: files of subfolders that are no modules themselves, like `machine/start.sh`."""

from __future__ import annotations

import shutil
from pathlib import Path


def lay_companions(module: Path, target: Path) -> None:
    """Copy them from a rendered module to a working copy of it, in place of those that were there."""
    for folder in module.iterdir():
        if folder.is_dir() and not folder.name.startswith(".") and not any(folder.glob("*.tf")):
            shutil.rmtree(target / folder.name, ignore_errors=True)
            shutil.copytree(folder, target / folder.name)
