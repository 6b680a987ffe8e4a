#!/bin/sh
# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Deploys the application to Google Cloud: bootstrap/, the images, then everything else. It can be run again any time.
set -eu

usage() {
  cat <<'USAGE'
Usage: ./deploy.sh [OPTION]...
       ./deploy.sh run CONTAINER [--] COMMAND [ARGUMENT]...

  --yes              apply without asking
  -h, --help         show this help

The second form runs one command with the identity, network and environment of a container, and shows its log.

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
project=acme-shop
region=europe-west1

# ---- Checks, before anything is changed
for tool in "$terraform" gcloud; do
  command -v "$tool" >/dev/null || die "$tool is not installed"
done

gcloud projects describe "$project" --format='value(projectId)' >/dev/null ||
  die "there is no project $project, or these credentials cannot see it"

# execute JOB [ARGUMENT]...: runs a job to its end and shows its log; it fails as the job does
execute() {
  job=$1
  shift
  words=
  for argument; do
    words=$words@@@$argument
  done
  began=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  code=0
  gcloud run jobs execute "$job" --project "$project" --region "$region" --wait \
    ${words:+"--args=^@@@^${words#@@@}"} || code=$?
  # The last lines come a little later than the end.
  sleep 5
  filter="resource.type = \"cloud_run_job\" AND resource.labels.job_name = \"$job\" AND timestamp >= \"$began\""
  format='value(timestamp, textPayload, jsonPayload.message, protoPayload.status.message)'
  gcloud logging read "$filter" --project "$project" --order asc --limit 1000 --format "$format" \
    --bucket docs-prod --location "$region" --view _AllLogs 2>/dev/null ||
    gcloud logging read "$filter" --project "$project" --order asc --limit 1000 --format "$format" || true
  [ "$code" -eq 0 ] || die "$job failed; its log stands above"
}

# one_off CONTAINER COMMAND [ARGUMENT]...: runs it by the container's job
one_off() {
  case $1 in
    web) job=docs-prod-web-run ;;
    *)
      die "Cloud Run runs commands by a job, and these have one: web"
      ;;
  esac
  shift
  execute "$job" "$@"
}

if [ -n "$container" ]; then
  one_off "$container" "$@"
  exit
fi

say "Project $project, region $region"

run() {
  "$@"
}

# Terraform needs these APIs before it can enable the others.
say "APIs"
gcloud services enable --project "$project" cloudresourcemanager.googleapis.com logging.googleapis.com serviceusage.googleapis.com

say "Everything else"
run "$terraform" init -input=false
# Terraform marks resources whose creation failed for replacement. These types are updated instead: they may be in use,
# and a replacement cannot have the same name.
tainted=$("$terraform" show -no-color | sed -n 's/^# \(google_[a-z0-9_]*\.[A-Za-z0-9_-]*\): (tainted)$/\1/p')
for address in $tainted; do
  case $address in
    google_certificate_manager_* | google_cloud_run_v2_* | google_compute_backend_service.* | \
      google_compute_region_network_endpoint_group.*)
      run "$terraform" untaint "$address"
      ;;
  esac
done

# last_words: prints recent errors of the containers and of Cloud Run. Before the first run there is no log bucket.
last_words() {
  filter='severity >= WARNING AND (resource.labels.service_name =~ "^docs-prod-" OR resource.labels.worker_pool_name =~ "^docs-prod-")'
  format='value(timestamp, resource.labels.service_name, resource.labels.worker_pool_name, textPayload, jsonPayload.message,
    protoPayload.status.message)'
  gcloud logging read "$filter" --project "$project" --freshness 15m --limit 30 --format "$format" \
    --bucket docs-prod --location "$region" --view _AllLogs >&2 2>/dev/null ||
    gcloud logging read "$filter" --project "$project" --freshness 15m --limit 30 --format "$format" >&2 || true
}
if ! run "$terraform" apply -input=false $approve "$@"; then
  say "What was logged of late, the newest first" >&2
  last_words
  die "not everything is deployed: mend what is wrong and run this again"
fi

# ready SERVICE: fails if the newest revision is not the one that gets the requests.
ready() {
  created=$(gcloud run services describe "$1" --project "$project" --region "$region" \
    --format='value(status.latestCreatedRevisionName)')
  running=$(gcloud run services describe "$1" --project "$project" --region "$region" \
    --format='value(status.latestReadyRevisionName)')
  if [ "$created" != "$running" ]; then
    last_words
    die "the newest revision of $1, $created, is not ready: ${running:-none} still runs"
  fi
}
ready docs-prod-web

domain=docs.example.com
certificate=$(gcloud certificate-manager certificates list --project "$project" --filter="managed.domains:$domain" \
  --limit=1 --format='value(managed.state)')
case $certificate in
  ACTIVE) ;;
  FAILED)
    die "Google cannot issue the certificate of $domain: is its zone delegated, and does a CAA record name pki.goog?"
    ;;
  *)
    say "The certificate of $domain is not issued yet (${certificate:-unknown}): until then nobody is answered by HTTPS"
    printf 'gcloud certificate-manager certificates list --project %s\n' "$project"
    ;;
esac

say "Done"
"$terraform" output
