"""For each fact and cloud a defect of a plan that breaks it: fact, module, resource, what is changed there.

The plans are those of the golden case `reference`, or of the case that is named.
"""

from __future__ import annotations

from rig.facts.aws import plan_defects as aws
from rig.facts.gcp import plan_defects as gcp

DEFECTS = {"aws": aws.AWS, "gcp": gcp.GCP}
