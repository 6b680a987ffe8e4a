"""What a cloud has accepted although it will not work."""

from __future__ import annotations

from rig.standin.aws import rules as aws_rules
from rig.standin.cloud import Cloud
from rig.standin.gcp import rules as gcp_rules


def silent_failures(cloud: Cloud) -> list[str]:
    """Return a sentence for each thing that exists and does nothing, such as an alarm that reaches nobody."""
    return [*gcp_rules.silent_failures(cloud), *aws_rules.silent_failures(cloud)]
