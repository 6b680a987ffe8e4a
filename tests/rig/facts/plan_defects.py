"""For each fact and cloud at least one defect of a plan that must break it: fact, resource, change, module.

The plans are those of the golden case `reference`, or of the case that is named.
"""

from __future__ import annotations

from rig.facts.aws import plan_defects as aws
from rig.facts.gcp import plan_defects as gcp

DEFECTS = {"aws": aws.AWS, "gcp": gcp.GCP}
