"""The stack of a deployment on Google Cloud: every decision, from names and sizes to grants and order."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cloudgen.spec.deployment import Deployment
    from cloudgen.stack.base import Stack


def build(deployment: Deployment) -> Stack:
    """Decide everything; raises `SpecError` with every problem when the spec asks for what Google Cloud cannot do."""
    from cloudgen.stack.gcp.stack import build as build_stack

    return build_stack(deployment)
