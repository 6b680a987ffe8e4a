"""What the spec can say and Docker on one machine cannot do: each an error at the field's line, never silence."""

from __future__ import annotations

from cloudgen.spec.deployment import Deployment
from cloudgen.stack.base import Problems
from cloudgen.stack.workload import wanted

PLATFORMS = ("containers",)
"""The platforms that Docker on one machine can stand in for."""


def refuse_unsupported(deployment: Deployment, problems: Problems) -> None:
    """Record a problem for every container that this target cannot build or run.

    Load balancer, scaling, monitoring and the rest of the cloud's part are passed over: they have no counterpart here.
    """
    for each in wanted(deployment):
        if each.spec.trigger is not None:
            problems.error(
                "unsupported",
                "a trigger is not supported on docker yet",
                each.at("trigger"),
                "let a worker consume a queue, or run a job by schedule",
            )
        elif each.platform not in PLATFORMS:
            problems.error(
                "unsupported",
                f"platform {each.platform} is not supported on docker yet",
                each.at("platform"),
                "use platform: containers",
            )
