"""What the spec can say and Google Cloud cannot do: each an error at the field's line, never silence."""

from __future__ import annotations

from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.parity import TITLE, parity
from cloudgen.stack.parity import check


def tell_parity(foundation: Foundation) -> None:
    """Record what the parity table says: errors for what is not rendered, warnings for what Google does its own way."""
    check(parity(), TITLE, foundation.deployment, foundation.problems)
