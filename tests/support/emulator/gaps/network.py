"""EC2: rules of security groups."""

from __future__ import annotations

from moto.ec2.models.security_groups import SecurityGroupRule


def mend_rule_descriptions() -> None:
    """Return the description of a rule whose other side is a group or a prefix list; moto looks at ranges only."""

    def description(self: SecurityGroupRule) -> str | None:
        for side in (self.ip_range, self.source_group, self.prefix_list_id):
            if side and side.get("Description"):
                return str(side["Description"])
        return None

    SecurityGroupRule.description = property(description)
