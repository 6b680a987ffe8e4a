"""The type of the option `--output`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click


class FolderName(click.Path):
    """A folder to write. An empty name, which a variable of a shell that is not set gives, is no folder."""

    def __init__(self) -> None:
        """Take a path that need not be there."""
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path, or fail where it is empty: it would mean the current folder."""
        if value == "":
            self.fail("it is empty; write . for the current folder", param, ctx)
        return super().convert(value, param, ctx)
