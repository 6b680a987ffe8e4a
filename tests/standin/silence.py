"""What a cloud accepted and will not work, on any cloud."""

from __future__ import annotations

from standin import aws_rules, rules
from standin.cloud import Cloud


def silent_failures(cloud: Cloud) -> list[str]:
    """Return a sentence for each thing that exists and does nothing, such as an alarm that reaches nobody."""
    return [*rules.silent_failures(cloud), *aws_rules.silent_failures(cloud)]
