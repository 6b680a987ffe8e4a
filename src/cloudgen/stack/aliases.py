"""Further names of the load balancer. Each redirects to the domain."""

from __future__ import annotations

import hashlib

from cloudgen.dataclass import dataclass
from cloudgen.spec.deployment import Deployment
from cloudgen.stack.base import label


@dataclass(frozen=True)
class Alias:
    """A further name. Its blocks are called by the name alone, so that no other alias renames them."""

    name: str
    label: str

    @property
    def labelled(self) -> str:
        """What its blocks are called, beside those of the domain."""
        return f"alias_{self.label}"


def aliases(deployment: Deployment) -> tuple[Alias, ...]:
    """The aliases of the load balancer, in the order of the alphabet: theirs in the spec means nothing."""
    spec = deployment.load_balancer
    return tuple(Alias(name, _label(name)) for name in sorted(spec.aliases)) if spec else ()


def _label(name: str) -> str:
    """`www.example.com` is `www_example_com`. A hyphen could make two names one label, so a hash follows."""
    words = label(name.replace(".", "_"))
    return f"{words}_{hashlib.sha256(name.encode()).hexdigest()[:6]}" if "-" in name else words
