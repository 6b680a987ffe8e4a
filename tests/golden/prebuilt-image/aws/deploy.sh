#!/bin/sh
# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Brings the application to AWS: what bootstrap/ makes, the images, then everything else. Can be run again at any time.
set -eu

usage() {
  cat <<'USAGE'
Usage: ./deploy.sh [OPTION]...

  --yes              apply without asking
  -h, --help         show this help

Credentials for AWS come from the environment, as always. So do values that terraform asks for, as TF_VAR_<name>.
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
for tool in "$terraform" aws; do
  command -v "$tool" >/dev/null || die "$tool is not installed"
done

account=$(aws sts get-caller-identity --query Account --output text)
say "Account $account, region $region"

say "Everything else"
"$terraform" init -input=false
"$terraform" apply $approve
say "Done"
"$terraform" output
