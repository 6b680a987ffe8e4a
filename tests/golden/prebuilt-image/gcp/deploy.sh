#!/bin/sh
# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Brings the application to Google Cloud: what bootstrap/ makes, the images, then everything else. Can be run again at
# any time.
set -eu

usage() {
  cat <<'USAGE'
Usage: ./deploy.sh [OPTION]...

  --yes              apply without asking
  -h, --help         show this help

Credentials for Google Cloud come from the environment: those of gcloud (gcloud auth login), and those of terraform
(gcloud auth application-default login). So do values that terraform asks for, as TF_VAR_<name>.
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
project=acme-shop
region=europe-west1
for tool in "$terraform" gcloud; do
  command -v "$tool" >/dev/null || die "$tool is not installed"
done

gcloud projects describe "$project" --format='value(projectId)' >/dev/null ||
  die "there is no project $project, or these credentials cannot see it"
say "Project $project, region $region"

# Terraform needs these before it can switch on the others itself.
say "APIs"
gcloud services enable --project "$project" cloudresourcemanager.googleapis.com logging.googleapis.com serviceusage.googleapis.com

say "Everything else"
"$terraform" init -input=false
"$terraform" apply $approve
say "Done"
"$terraform" output
