"""What the spec can say and Docker on one machine cannot do: each an error at the field's line, never silence."""

from __future__ import annotations

from cloudgen.spec.deployment import Deployment
from cloudgen.stack.base import Problems
from cloudgen.stack.functions import refuse_foreign_image, refuse_idle
from cloudgen.stack.workload import wanted

PLATFORMS = ("containers", "virtual_machines", "functions")
"""The platforms that Docker on one machine can stand in for: all of them run the same image.

A function is a server that runs always here. Its events are delivered, but for those of the clock.
"""


def refuse_unsupported(deployment: Deployment, problems: Problems) -> None:
    """Record a problem for every container that this target cannot build or run.

    Load balancer, scaling, monitoring and the rest of the cloud's part are passed over: they have no counterpart here.
    """
    for each in wanted(deployment):
        if each.platform not in PLATFORMS:
            problems.error(
                "unsupported",
                f"platform {each.platform} is not supported on docker yet",
                each.at("platform"),
                "use platform: containers",
            )
        elif each.spec.trigger is not None or deployment.is_function(each.spec):
            refuse_idle(each, problems)
            refuse_foreign_image(each, problems)
