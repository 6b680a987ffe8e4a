"""For each fact and cloud a defect of a plan that breaks it: fact, module, resource, what is changed there.

The plans are those of the golden case `reference`, or of the case that is named.
"""

from __future__ import annotations

from facts import defects_aws, defects_gcp

DEFECTS = {"aws": defects_aws.AWS, "gcp": defects_gcp.GCP}
