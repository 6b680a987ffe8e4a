"""A rendered file, and which paths it may have."""

from __future__ import annotations

import re

from cloudgen.dataclass import dataclass
from cloudgen.render.errors import RenderError

_COMPONENT = re.compile(r"\.?[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,198}[A-Za-z0-9_-])?")

# Terraform's, version control's and the user's own; cloudgen promises to leave them alone.
_RESERVED = re.compile(
    r"(?:.*_)?override\.tf(?:\.json)?|.*\.tfvars(?:\.json)?|\.terraform.*|.*\.tfstate.*|\.cloudgen.*"
    r"|\.(?:git|gitmodules|gitattributes|hg|svn)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class RenderedFile:
    """A file of the output: its path in the output folder, with `/`, its text, and whether it may be run."""

    path: str
    text: str
    executable: bool = False


def check_path(path: str) -> str:
    """Return the path, or raise `RenderError` when it could lead outside of the folder or is the user's."""
    parts = path.split("/")
    if not all(_COMPONENT.fullmatch(part) for part in parts):
        raise RenderError(f"not a path of an output file: {path!r}")
    if any(_RESERVED.fullmatch(part) for part in parts):
        raise RenderError(f"this file is the user's or Terraform's, cloudgen never writes it: {path!r}")
    return path


def check_distinct(paths: list[str]) -> None:
    """Raise `RenderError` when two files want one path, or one is the folder of another. Case does not count."""
    seen: dict[str, str] = {}
    for path in paths:
        other = seen.setdefault(path.casefold(), path)
        if other is not path:
            raise RenderError(f"two templates make one file: {other} and {path}")
    for path in paths:
        folder = path.casefold()
        while "/" in folder:
            folder = folder.rpartition("/")[0]
            if folder in seen:
                raise RenderError(f"{seen[folder]} cannot be a file and the folder of {path}")
