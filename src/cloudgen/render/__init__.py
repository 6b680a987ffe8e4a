"""Templates and values in, text out; nothing here touches the disk but to read cloudgen's own templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudgen.render.errors import RenderError
from cloudgen.render.files import RenderedFile

if TYPE_CHECKING:
    from pathlib import Path

    from cloudgen.stack.base import Stack

__all__ = ["RenderError", "RenderedFile", "render"]


def render(stack: Stack, folder: Path | None = None) -> tuple[RenderedFile, ...]:
    """Render all files of a stack: see `cloudgen.render.tree`."""
    # Jinja takes a fifth of the time of a command that renders nothing.
    from cloudgen.render import tree

    return tree.render(stack, folder)
