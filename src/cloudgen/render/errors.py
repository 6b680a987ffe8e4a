"""What goes wrong in rendering is cloudgen's own mistake, never the spec's."""

from __future__ import annotations

from cloudgen.errors import CloudgenError


class RenderError(CloudgenError):
    """A template, a manifest or a stack of cloudgen itself is wrong; the message says which and how."""
