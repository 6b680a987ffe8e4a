"""What must be true of a plan, on every cloud: one table of facts about security and wiring.

    for fact, sentences in broken("aws", deployment, {".": plan, "bootstrap": plan}).items(): ...

A plan is what `terraform show -json` says of the second plan, after an apply: `Cycle.plans` and `Report.plans`.
"""

from __future__ import annotations

from rig.facts.check import Looked, broken, look
from rig.facts.table import CLOUDS, FACTS, Fact, facts_of

__all__ = ["CLOUDS", "FACTS", "Fact", "Looked", "broken", "facts_of", "look"]
