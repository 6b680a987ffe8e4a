"""Commands that deploy.sh runs in a task of their own: the release of a version, and what somebody asks for once.

Both run with the task definition of their container, so with its image, identity, network and environment.
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence

from cloudgen.stack.aws.network.network import PRIVATE
from cloudgen.stack.aws.platforms.containers.names import CAPACITY_PROVIDERS
from cloudgen.stack.aws.platforms.containers.services import Service
from cloudgen.stack.base import Address, Ref, join
from cloudgen.stack.outputs import Output
from cloudgen.stack.text import ShellText
from cloudgen.stack.workload import Step

PAUSE = 5
"""Seconds between two looks at a task."""
RELEASES = "releases"
"""The output that says how to start the release commands."""


def commands(cluster: str, services: Sequence[Service]) -> Iterator[Step]:
    """Yield what deploy.sh knows of such commands; nothing without services."""
    if not services:
        return
    yield Step("Commands", tuple(_functions(cluster, services)), moment="asked")
    releases = [each for each in services if each.release]
    if releases:
        yield Step("Release commands", tuple(_releases(releases)), moment="before")


def release_output(services: Sequence[Service]) -> Output | None:
    """The revision of each task definition and the network to run it in, in the words of the AWS CLI."""
    subnets = Ref(f'join(",", [for subnet in {PRIVATE} : subnet.id])')
    values = {
        each.name: join(
            each.task.address.arn,
            " awsvpcConfiguration={subnets=[",
            subnets,
            "],securityGroups=[",
            each.task.group.id,
            "],assignPublicIp=DISABLED}",
        )
        for each in services
        if each.release
    }
    return Output(RELEASES, "How deploy.sh starts the release commands", values) if values else None


def _providers(services: Sequence[Service]) -> tuple[str, str]:
    """The capacity provider of a command as a word of the shell, and the function that it calls, if there is one.

    Fargate takes no task that is made for machines, and machines take none that is made for Fargate.
    """
    by = {each.name: each.task.pool.name for each in services if each.task.pool}
    if not by:
        return "capacityProvider=FARGATE,weight=1", ""
    cases = "\n".join(f"    {name}) echo {pool} ;;" for name, pool in by.items())
    text = f"""
# provider CONTAINER: the capacity that it runs on
provider() {{
  case $1 in
{cases}
    *) echo FARGATE ;;
  esac
}}
"""
    return '"capacityProvider=$(provider "$1"),weight=1"', text


def _functions(cluster: str, services: Sequence[Service]) -> Iterator[ShellText]:
    at = f'--region "$region" --cluster {cluster}'
    names = [each.name for each in services]
    provider, function = _providers(services)
    text = rf"""
# once CONTAINER TASK_DEFINITION NETWORK COMMAND: runs a command, a list of JSON, in a task of its own; shows its log,
# and fails as it does
once() {{
  task=$(aws ecs run-task {at} --task-definition "$2" --network-configuration "$3" \
    --capacity-provider-strategy {provider} --started-by deploy.sh \
    --overrides "{{\"containerOverrides\": [{{\"name\": \"$1\", \"command\": $4}}]}}" \
    --query 'tasks[0].taskArn || failures[0].reason' --output text)
  case $task in
    arn:*) ;;
    *) die "ECS starts no task of $1: $task" ;;
  esac
  printf 'Task %s of %s\n' "${{task##*/}}" "$1"
  while state=$(aws ecs describe-tasks {at} --tasks "$task" --query 'tasks[0].lastStatus' --output text) &&
    [ "$state" != STOPPED ]; do
    sleep {PAUSE}
  done
  ended=$(aws ecs describe-tasks {at} --tasks "$task" \
    --query 'tasks[0].[containers[0].exitCode, stoppedReason]' --output text)
  # The last lines come a little later than the end.
  sleep {PAUSE}
  aws logs get-log-events --region "$region" --log-group-name "/{cluster}/$1" --log-stream-name "$1/$1/${{task##*/}}" \
    --query 'events[].[message]' --output text || true
  case $ended in
    0[[:space:]]*) ;;
    *) die "the command of $1 failed, with exit code and reason: $ended" ;;
  esac
}}

# word TEXT: a text as JSON writes it
word() {{
  text=$(printf '%s' "$1" | awk '
    NR > 1 {{ printf "\\n" }}
    {{ gsub(/["\\]/, "\\\\&"); gsub(/\t/, "\\t"); printf "%s", $0 }}')
  printf '"%s"' "$text"
}}

# one_off CONTAINER COMMAND [ARGUMENT]...: runs it as the version that runs now would
one_off() {{
  container=$1
  shift
  case $container in
    {" | ".join(names)}) ;;
    *) die "no container $container runs always; these do: {", ".join(names)}" ;;
  esac
  words=
  for argument; do
    words="${{words:+$words, }}$(word "$argument")"
  done
  definition=$(aws ecs describe-services {at} --services "$container" \
    --query 'services[0].taskDefinition' --output text)
  network=$(aws ecs describe-services {at} --services "$container" \
    --query 'services[0].networkConfiguration' --output json)
  once "$container" "$definition" "$network" "[$words]"
}}
"""
    yield from map(ShellText, (function + text).strip().splitlines())


def _releases(services: Sequence[Service]) -> Iterator[ShellText]:
    """Make what the commands need, and nothing that takes requests; then run them, one after the other."""
    needed = dict.fromkeys(address for service in services for address in _needs(service))
    yield ShellText('run "$terraform" apply -input=false $approve \\')
    *others, last = (f"  -target={address}" for address in needed)
    yield from (ShellText(f"{other} \\") for other in others)
    yield ShellText(last)
    text = rf"""
released=$("$terraform" output -json {RELEASES})
# release CONTAINER COMMAND: runs it with the new version; where it fails, the old version goes on running
release() {{
  how=$(printf '%s' "$released" | sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p")
  once "$1" "${{how%% *}}" "${{how#* }}" "$2"
}}
"""
    yield from map(ShellText, text.strip().splitlines())
    for service in services:
        command = json.dumps(service.release, ensure_ascii=False)
        if "$" in command or "`" in command:
            yield ShellText("# shellcheck disable=SC2016  # the command means variables of its own")
        yield ShellText(f"release {service.name} {shlex.quote(command)}")


def _needs(service: Service) -> tuple[Address, ...]:
    """What a task of a service needs to run, but not the service."""
    task = service.task
    return (task.address, task.group, PRIVATE, CAPACITY_PROVIDERS, *task.routes, *task.before)
