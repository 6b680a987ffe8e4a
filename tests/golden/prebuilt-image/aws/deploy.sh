#!/bin/sh
# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Brings the application to AWS: what bootstrap/ makes, the images, then everything else. Can be run again at any time.
set -eu

usage() {
  cat <<'USAGE'
Usage: ./deploy.sh [OPTION]...
       ./deploy.sh run CONTAINER [--] COMMAND [ARGUMENT]...

  --yes              apply without asking
  -h, --help         show this help

The second form runs one command with the identity, network and environment of a container, and shows its log.

Credentials for AWS come from the environment, as always. So do the values of variables, as TF_VAR_<name>.
TERRAFORM (default terraform) is the program to run, such as tofu.
USAGE
}

say() {
  printf '\n==> %s\n' "$1"
}

die() {
  printf 'deploy.sh: %s\n' "$1" >&2
  exit 1
}

approve=
container=
if [ "${1-}" = run ] && [ $# -gt 2 ]; then
  container=$2
  shift 2
  [ "$1" != -- ] || shift
  [ $# -gt 0 ] || die "run needs a command"
fi
while [ -z "$container" ] && [ $# -gt 0 ]; do
  case $1 in
    --yes) approve=-auto-approve ;;
    -h | --help)
      usage
      exit 0
      ;;
    *)
      usage >&2
      exit 2
      ;;
  esac
  shift
done

cd "$(dirname "$0")"
terraform=${TERRAFORM:-terraform}
region=us-east-1

# ---- What can be known is checked before anything is changed.
for tool in "$terraform" aws; do
  command -v "$tool" >/dev/null || die "$tool is not installed"
done

account=$(aws sts get-caller-identity --query Account --output text)

# once CONTAINER TASK_DEFINITION NETWORK COMMAND: runs a command, a list of JSON, in a task of its own; shows its log,
# and fails as it does
once() {
  task=$(aws ecs run-task --region "$region" --cluster docs-prod --task-definition "$2" --network-configuration "$3" \
    --capacity-provider-strategy capacityProvider=FARGATE,weight=1 --started-by deploy.sh \
    --overrides "{\"containerOverrides\": [{\"name\": \"$1\", \"command\": $4}]}" \
    --query 'tasks[0].taskArn || failures[0].reason' --output text)
  case $task in
    arn:*) ;;
    *) die "ECS starts no task of $1: $task" ;;
  esac
  printf 'Task %s of %s\n' "${task##*/}" "$1"
  while state=$(aws ecs describe-tasks --region "$region" --cluster docs-prod --tasks "$task" --query 'tasks[0].lastStatus' --output text) &&
    [ "$state" != STOPPED ]; do
    sleep 5
  done
  ended=$(aws ecs describe-tasks --region "$region" --cluster docs-prod --tasks "$task" \
    --query 'tasks[0].[containers[0].exitCode, stoppedReason]' --output text)
  # The last lines come a little later than the end.
  sleep 5
  aws logs get-log-events --region "$region" --log-group-name "/docs-prod/$1" --log-stream-name "$1/$1/${task##*/}" \
    --query 'events[].[message]' --output text || true
  case $ended in
    0[[:space:]]*) ;;
    *) die "the command of $1 failed, with exit code and reason: $ended" ;;
  esac
}

# word TEXT: a text as JSON writes it
word() {
  text=$(printf '%s' "$1" | awk '
    NR > 1 { printf "\\n" }
    { gsub(/["\\]/, "\\\\&"); gsub(/\t/, "\\t"); printf "%s", $0 }')
  printf '"%s"' "$text"
}

# one_off CONTAINER COMMAND [ARGUMENT]...: runs it as the version that runs now would
one_off() {
  container=$1
  shift
  case $container in
    web) ;;
    *) die "no container $container runs always; these do: web" ;;
  esac
  words=
  for argument; do
    words="${words:+$words, }$(word "$argument")"
  done
  definition=$(aws ecs describe-services --region "$region" --cluster docs-prod --services "$container" \
    --query 'services[0].taskDefinition' --output text)
  network=$(aws ecs describe-services --region "$region" --cluster docs-prod --services "$container" \
    --query 'services[0].networkConfiguration' --output json)
  once "$container" "$definition" "$network" "[$words]"
}

if [ -n "$container" ]; then
  one_off "$container" "$@"
  exit
fi

say "Account $account, region $region"

run() {
  "$@"
}

say "Everything else"
run "$terraform" init -input=false
run "$terraform" apply -input=false $approve

say 'Wait until the services run what was deployed'
deployed=$("$terraform" output -json task_definitions)
# settled SERVICE: waits until ECS runs the task definition that was deployed, and fails where it goes back to another
settled() {
  wanted=$(printf '%s' "$deployed" | sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p")
  left=240
  while [ "$left" -gt 0 ]; do
    now=$(aws ecs describe-services --region "$region" --cluster docs-prod --services "$1" --output text \
      --query "services[0].deployments[?status=='PRIMARY'] | [0].[taskDefinition, rolloutState]")
    case $now in
      "$wanted"[[:space:]]COMPLETED) return ;;
      "$wanted"[[:space:]]FAILED) break ;;
      "$wanted"[[:space:]]*) sleep 10 ;;
      *) break ;;
    esac
    left=$((left - 1))
  done
  aws ecs describe-services --region "$region" --cluster docs-prod --services "$1" --output text \
    --query 'services[0].events[:5].[createdAt, message]' >&2
  die "$1 does not run what was deployed. Its last events stand above; its log may say more"
}
settled web

say "Done"
"$terraform" output
