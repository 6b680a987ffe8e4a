"""What the spec can say and Google Cloud cannot do: each an error at the field's line, never silence."""

from __future__ import annotations

import re

from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.parity import TITLE, parity
from cloudgen.stack.parity import check

RESERVED = re.compile(r".*-scheduler")
"""Names of containers that would give two service accounts one address."""


def tell_parity(foundation: Foundation) -> None:
    """Record what the parity table says: errors for what is not rendered, warnings for what Google does its own way."""
    check(parity(), TITLE, foundation.deployment, foundation.problems)


def check_names(foundation: Foundation) -> None:
    """Refuse container names that other parts of the stack use for their own resources."""
    for name in foundation.deployment.containers:
        if RESERVED.fullmatch(name):
            foundation.problems.error(
                "reserved-name",
                f"`{name}` is how cloudgen names resources of its own",
                ("containers", name),
                "choose another name",
            )
