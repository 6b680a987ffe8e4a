"""Templates and values in, text out; nothing here touches the disk but to read cloudgen's own templates."""

from __future__ import annotations

from cloudgen.render.errors import RenderError
from cloudgen.render.files import RenderedFile
from cloudgen.render.tree import render

__all__ = ["RenderError", "RenderedFile", "render"]
