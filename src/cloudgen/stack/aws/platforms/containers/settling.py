"""After `terraform apply`: whether what was deployed is what runs, and who hears of a deployment that went back.

Terraform is done as soon as ECS has taken the new task definition. ECS then starts tasks for minutes, and goes back by
itself where they do not become healthy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cloudgen.dataclass import dataclass
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.platforms.containers.names import CLUSTER
from cloudgen.stack.base import Address
from cloudgen.stack.naming import fit
from cloudgen.stack.text import ShellText
from cloudgen.stack.workload import Step

TASK_DEFINITIONS = "task_definitions"
"""The output that names what each service is to run."""
TRIES = 240
PAUSE = 10
"""Seconds between two looks: 40 minutes in all. ECS gives a deployment up after three to 200 tasks that failed.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
"""


@dataclass(frozen=True)
class FailedDeployments:
    """What sends a mail when ECS gives a deployment up, rendered by services.tf."""

    rule_name: str
    event_pattern: Mapping[str, Any]
    message_paths: Mapping[str, str]
    message: str

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The rule and its target."""
        kinds = ("aws_cloudwatch_event_rule", "aws_cloudwatch_event_target")
        return tuple(Address(kind, "failed_deployments") for kind in kinds)


def failed_deployments(foundation: Foundation, services: Sequence[str]) -> FailedDeployments | None:
    """Decide how somebody learns of a failed deployment; None without services.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
    """
    if not services:
        return None
    service = foundation.account.arn("ecs", "service/", CLUSTER.name, "/*")
    return FailedDeployments(
        # 64 characters is the limit of a rule's name.
        rule_name=fit(f"{foundation.prefix}-failed-deployments", 64),
        event_pattern={
            "source": ["aws.ecs"],
            "detail-type": ["ECS Deployment State Change"],
            "resources": [{"wildcard": service}],
            "detail": {"eventName": ["SERVICE_DEPLOYMENT_FAILED"]},
        },
        message_paths={"service": "$.resources[0]", "reason": "$.detail.reason"},
        message=f'"A deployment of {foundation.prefix} failed: <service>. <reason>"',
    )


def settle(cluster: str, services: Sequence[str]) -> tuple[Step, ...]:
    """Return what deploy.sh runs to wait until each service runs what was deployed; it fails where ECS went back."""
    if not services:
        return ()
    ask = f'aws ecs describe-services --region "$region" --cluster {cluster} --services "$1" --output text'
    text = rf"""
deployed=$("$terraform" output -json {TASK_DEFINITIONS})
# settled SERVICE: waits until ECS runs the task definition that was deployed, and fails where it goes back to another
settled() {{
  wanted=$(printf '%s' "$deployed" | sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p")
  left={TRIES}
  while [ "$left" -gt 0 ]; do
    now=$({ask} \
      --query "services[0].deployments[?status=='PRIMARY'] | [0].[taskDefinition, rolloutState]")
    case $now in
      "$wanted"[[:space:]]COMPLETED) return ;;
      "$wanted"[[:space:]]FAILED) break ;;
      "$wanted"[[:space:]]*) sleep {PAUSE} ;;
      *) break ;;
    esac
    left=$((left - 1))
  done
  {ask} \
    --query 'services[0].events[:5].[createdAt, message]' >&2
  die "$1 does not run what was deployed. Its last events stand above; its log may say more"
}}
"""
    lines = [*text.strip().splitlines(), *(f"settled {name}" for name in services)]
    return (Step("Wait until the services run what was deployed", tuple(map(ShellText, lines))),)
