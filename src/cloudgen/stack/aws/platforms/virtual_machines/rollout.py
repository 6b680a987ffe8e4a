"""After `terraform apply`: machines of an older version are replaced, and whoever deploys hears whether that worked.

The provider can start a replacement by itself, but changes the group first. What AWS then goes back to is the version
that does not work: https://github.com/hashicorp/terraform-provider-aws/issues/34189. So Terraform makes the version,
and deploy.sh asks AWS to roll it out. The group keeps the version that works until all machines have the new one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from cloudgen.stack.aws.platforms.virtual_machines.machine import SURGE, Machines
from cloudgen.stack.text import ShellText
from cloudgen.stack.workload import Step

VERSIONS = "launch_template_versions"
"""The output that says which version each group is to run."""
TRIES = 360
PAUSE = 10
"""Seconds between two looks: an hour in all. A batch of machines takes some minutes."""
MARK = "VERSION"
"""Stands in a configuration where the version comes."""

PREFERENCES = {
    "AutoRollback": True,
    "SkipMatching": True,
    "MinHealthyPercentage": 100,
    "MaxHealthyPercentage": SURGE,
}
"""New machines come before old ones go, and the old ones come back where the new ones do not work.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html
"""


def configuration(group: Machines) -> Mapping[str, Any]:
    """What a group is to be, in the words of the API.

    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DesiredConfiguration.html
    """
    template = {"LaunchTemplateName": group.group_name, "Version": MARK}
    if not group.spot:
        return {"LaunchTemplate": template}
    overrides = [{"InstanceType": name} for name in group.type.names]
    return {
        "MixedInstancesPolicy": {
            "LaunchTemplate": {"LaunchTemplateSpecification": template, "Overrides": overrides},
            "InstancesDistribution": {
                "OnDemandBaseCapacity": 0,
                "OnDemandPercentageAboveBaseCapacity": 0,
                "SpotAllocationStrategy": "price-capacity-optimized",
            },
        }
    }


def rollout(groups: Sequence[Machines]) -> tuple[Step, ...]:
    """Return what deploy.sh runs until all machines have the version that was deployed, and work."""
    preferences = json.dumps(PREFERENCES, separators=(",", ":"))
    text = rf"""
versions=$("$terraform" output -json {VERSIONS})
# group QUERY: something of the group $name
group() {{
  aws autoscaling describe-auto-scaling-groups --region "$region" --auto-scaling-group-names "$name" --output text \
    --query "AutoScalingGroups[0].$1"
}}
# refresh QUERY: something of the last replacement of machines in the group $name
refresh() {{
  aws autoscaling describe-instance-refreshes --region "$region" --auto-scaling-group-name "$name" --max-records 1 \
    --output text --query "InstanceRefreshes[0].$1"
}}
# wait_while STATE...: waits while the last replacement is in one of these states
wait_while() {{
  left={TRIES}
  while [ "$left" -gt 0 ]; do
    state=$(refresh Status)
    case " $* " in
      *" $state "*) sleep {PAUSE} ;;
      *) return ;;
    esac
    left=$((left - 1))
  done
  die "the machines of $name are still being replaced after an hour: $state"
}}
# rolled_out CONTAINER GROUP CONFIGURATION: replaces machines of another version, and fails where AWS goes back
rolled_out() {{
  name=$2
  version=$(printf '%s' "$versions" | sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p")
  wait_while Pending InProgress Baking Cancelling RollbackInProgress
  if [ "$(group "Instances[?LaunchTemplate.Version!='$version'] | length(@)")" -gt 0 ]; then
    say "Machines of $1: version $version"
    aws autoscaling start-instance-refresh --region "$region" --auto-scaling-group-name "$name" --output text \
      --desired-configuration "$(printf '%s' "$3" | sed "s/{MARK}/$version/")" \
      --preferences '{preferences}'
    wait_while Pending InProgress Baking RollbackInProgress
    [ "$state" = Successful ] || die "the new machines of $1 do not work ($state): $(refresh StatusReason)"
  fi
  left={TRIES}
  while [ "$left" -gt 0 ]; do
    wanted=$(group DesiredCapacity)
    working=$(group "Instances[?LifecycleState=='InService' && HealthStatus=='Healthy'] | length(@)")
    targets=$(group 'TargetGroupARNs[0]')
    if [ "$targets" != None ] && [ "$working" -ge "$wanted" ]; then
      working=$(aws elbv2 describe-target-health --region "$region" --target-group-arn "$targets" --output text \
        --query "length(TargetHealthDescriptions[?TargetHealth.State=='healthy'])")
    fi
    [ "$working" -lt "$wanted" ] || return 0
    sleep {PAUSE}
    left=$((left - 1))
  done
  die "of $wanted machines of $1 only $working work: its log may say why"
}}
"""
    calls = [f"rolled_out {each.name} {each.group_name} '{_written(each)}'" for each in groups]
    lines = [*text.strip().splitlines(), *calls]
    return (Step("Wait until the machines run what was deployed", tuple(map(ShellText, lines))),)


def _written(group: Machines) -> str:
    return json.dumps(configuration(group), separators=(",", ":"))
