"""EC2: rules of security groups."""

from __future__ import annotations

import inspect
from typing import Any

from moto.ec2.models.security_groups import SecurityGroupRule


def mend_rule_descriptions() -> None:
    """Return the description of a rule whose other side is a group or a prefix list; moto looks at ranges only."""
    make = SecurityGroupRule.__init__
    signature = inspect.signature(make)

    def make_with_description(self: SecurityGroupRule, *arguments: Any, **settings: Any) -> None:
        make(self, *arguments, **settings)
        given = signature.bind(self, *arguments, **settings).arguments
        self.other_side = given.get("source_group") or given.get("prefix_list_id") or {}

    def description(self: SecurityGroupRule) -> str | None:
        return self.ip_range.get("Description") or self.other_side.get("Description")

    SecurityGroupRule.__init__ = make_with_description
    SecurityGroupRule.description = property(description)
