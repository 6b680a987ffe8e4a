#!/bin/sh
# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Brings the application to AWS: what bootstrap/ makes, the images, then everything else. Can be run again at any time.
set -eu

usage() {
  cat <<'USAGE'
Usage: ./deploy.sh [OPTION]...

  --yes              apply without asking
  -h, --help         show this help

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
while [ $# -gt 0 ]; do
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
