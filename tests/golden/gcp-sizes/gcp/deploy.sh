#!/bin/sh
# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Deploys the application to Google Cloud: bootstrap/, the images, then everything else. It can be run again any time.
set -eu

usage() {
  cat <<'USAGE'
Usage: ./deploy.sh [OPTION]...
       ./deploy.sh run CONTAINER [--] COMMAND [ARGUMENT]...

  --yes              apply without asking
  --tag TAG          tag of the images; default: the git commit, or the time where there is none
  --skip-images      build nothing: deploy the images of the last run, for changes of the infrastructure alone
  --skip-bootstrap   leave out bootstrap/, which is applied already
  -h, --help         show this help

The second form runs one command with the identity, network and environment of a container, and shows its log.

Credentials for Google Cloud come from the environment: those of gcloud (gcloud auth login), and those of terraform
(gcloud auth application-default login). So do values that terraform asks for, as TF_VAR_<name>.
TERRAFORM (default terraform) is the program to run, such as tofu.
SOURCE_DIR (default ../..) is the folder that holds the spec, DOCKER_DIR (default ../docker) the generated Dockerfiles,
both as seen from the folder of this script.
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
tag=
skip_images=
skip_bootstrap=
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
    --tag)
      [ $# -gt 1 ] || die "--tag needs a value"
      tag=$2
      shift
      ;;
    --skip-images) skip_images=yes ;;
    --skip-bootstrap) skip_bootstrap=yes ;;
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
project=acme-media
region=us-central1

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
    --bucket media-prod --location "$region" --view _AllLogs 2>/dev/null ||
    gcloud logging read "$filter" --project "$project" --order asc --limit 1000 --format "$format" || true
  [ "$code" -eq 0 ] || die "$job failed; its log stands above"
}

# one_off CONTAINER COMMAND [ARGUMENT]...: runs it by the container's job
one_off() {
  case $1 in
    site) job=media-prod-site-run ;;
    encoder) job=media-prod-encoder-run ;;
    posters) job=media-prod-posters-run ;;
    report) job=media-prod-report ;;
    *)
      die "Cloud Run runs commands by a job, and these have one: site, encoder, posters, report"
      ;;
  esac
  shift
  execute "$job" "$@"
}

if [ -n "$container" ]; then
  one_off "$container" "$@"
  exit
fi

source_dir=${SOURCE_DIR:-../..}
docker_dir=${DOCKER_DIR:-../docker}

# needs PATH HINT
needs() {
  [ -e "$1" ] || die "there is no $1: $2"
}
if [ -n "$skip_images" ]; then
  [ -f images.auto.tfvars.json ] ||
    die "there is no images.auto.tfvars.json, so no run has built images yet: leave out --skip-images"
else
  command -v docker >/dev/null || die "docker is not installed"
  needs "$source_dir" "set SOURCE_DIR to the folder that holds the spec"
  needs "$docker_dir"/site.Dockerfile "run cloudgen render with --target docker, or set DOCKER_DIR"
  needs "$docker_dir"/posters.Dockerfile "run cloudgen render with --target docker, or set DOCKER_DIR"
  needs "$source_dir"/. "the spec names it as a build context"
  needs "$source_dir"/. "the spec names it as a build context"
fi

say "Project $project, region $region"

state_bucket=media-prod-state-acme-media
# run COMMAND...: runs terraform. If it fails, locks of the state are listed.
run() {
  status=0
  "$@" || status=$?
  [ "$status" -ne 0 ] || return 0
  locks=$(gcloud storage ls "gs://$state_bucket/**.tflock" 2>/dev/null) || locks=
  if [ -n "$locks" ]; then
    printf 'deploy.sh: this state is locked: %s\n' "$locks" >&2
    printf 'If nobody else is deploying, a run was interrupted. Run terraform force-unlock ID in the same folder, with the\n' >&2
    printf 'ID that stands above (terraform -chdir=account force-unlock ID, for example).\n' >&2
  fi
  return "$status"
}

# Terraform needs these APIs before it can enable the others.
say "APIs"
gcloud services enable --project "$project" artifactregistry.googleapis.com cloudresourcemanager.googleapis.com logging.googleapis.com memorystore.googleapis.com pubsub.googleapis.com serviceusage.googleapis.com storage.googleapis.com

# Google's services use service agents, which get permissions below. Creating them needs gcloud's beta component. gcloud
# installs it if it is missing.
say "Service agents"
make_agent() {
  gcloud --quiet beta services identity create --project "$project" --service "$1" >/dev/null
}
make_agent artifactregistry.googleapis.com
make_agent memorystore.googleapis.com
make_agent pubsub.googleapis.com

if [ -z "$skip_bootstrap" ]; then
  say "Bootstrap"
  # Its state lies in the bucket that it creates. The first run keeps the state in a file and moves it afterwards.
  if found=$(gcloud storage objects describe "gs://$state_bucket/"bootstrap/default.tfstate 2>&1); then
    rm -f bootstrap/first_run_override.tf
    run "$terraform" -chdir=bootstrap init -input=false -reconfigure
    run "$terraform" -chdir=bootstrap apply -input=false $approve
  else
    case $found in
      *404* | *"not found"* | *NOT_FOUND* | *"matched no objects"*) ;;
      *) die "cannot read the state in $state_bucket: $found" ;;
    esac
    printf 'terraform {\n  backend "local" {}\n}\n' >bootstrap/first_run_override.tf
    run "$terraform" -chdir=bootstrap init -input=false -reconfigure
    run "$terraform" -chdir=bootstrap apply -input=false $approve
    rm bootstrap/first_run_override.tf
    run "$terraform" -chdir=bootstrap init -input=false -migrate-state -force-copy
  fi
fi

# The commit names the images. Changes that are not committed, other than in what terraform and this script write, get a
# name of their own.
if [ -z "$tag" ] && tag=$(git -C "$source_dir" rev-parse --short HEAD 2>/dev/null); then
  changes=$(git -C "$source_dir" status --porcelain -- . ':(exclude,glob)**/images.auto.tfvars.json*' \
    ':(exclude,glob)**/.terraform/**' ':(exclude,glob)**/.terraform.lock.hcl' \
    ':(exclude,glob)**/terraform.tfstate*' ':(exclude,glob)**/first_run_override.tf')
  [ -z "$changes" ] || tag=$tag-$(date -u +%Y%m%d%H%M%S)
fi
[ -n "$tag" ] || tag=$(date -u +%Y%m%d%H%M%S)
registry=us-central1-docker.pkg.dev

# digest_of REPOSITORY: prints nothing if there is no image with this tag. Other failures end the script.
digest_of() {
  if ! found=$(gcloud artifacts docker images describe "$1:$tag" --project "$project" \
    --format='value(image_summary.digest)' 2>&1); then
    case $found in
      *NOT_FOUND* | *"ot found"*) return ;;
      *) die "cannot read $1: $found" ;;
    esac
  fi
  printf '%s\n' "$found"
}

# Without attestations, a push creates exactly one image in the registry.
export BUILDX_NO_DEFAULT_ATTESTATIONS=1

images=
# publish CONTAINER REPOSITORY PLATFORM generated|source DOCKERFILE CONTEXT [OPTION...]
publish() {
  case $4 in
    generated) dockerfile=$docker_dir/$5 ;;
    *) dockerfile=$source_dir/$5 ;;
  esac
  name=$1 image=$2 platform=$3 context=$source_dir/$6
  shift 6
  digest=$(digest_of "$image")
  if [ -z "$digest" ]; then
    say "Image of $name: build"
    docker build --platform "$platform" --file "$dockerfile" --tag "$image:$tag" "$@" "$context"
    say "Image of $name: push"
    # Logs in before each push: a token is valid for an hour, and a build may take longer.
    gcloud auth print-access-token |
      docker login --username oauth2accesstoken --password-stdin "https://$registry"
    docker push "$image:$tag"
    digest=$(digest_of "$image")
    [ -n "$digest" ] || die "$image:$tag was pushed, and the registry does not have it"
  else
    say "Image of $name: $tag is in the registry already"
  fi
  images="${images:+$images, }\"$name\": \"$image@$digest\""
}

if [ -z "$skip_images" ]; then
  publish site us-central1-docker.pkg.dev/acme-media/media-prod/site linux/amd64 generated site.Dockerfile .
  publish posters us-central1-docker.pkg.dev/acme-media/media-prod/posters linux/amd64 generated posters.Dockerfile .

  # Deployed by digest: what was built is what runs, whatever becomes of the tag.
  printf '{"images": { %s }}\n' "$images" >images.auto.tfvars.json.new
  mv images.auto.tfvars.json.new images.auto.tfvars.json
  say "Wrote images.auto.tfvars.json"
fi

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
  filter='severity >= WARNING AND (resource.labels.service_name =~ "^media-prod-" OR resource.labels.worker_pool_name =~ "^media-prod-")'
  format='value(timestamp, resource.labels.service_name, resource.labels.worker_pool_name, textPayload, jsonPayload.message,
    protoPayload.status.message)'
  gcloud logging read "$filter" --project "$project" --freshness 15m --limit 30 --format "$format" \
    --bucket media-prod --location "$region" --view _AllLogs >&2 2>/dev/null ||
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
ready media-prod-site
ready media-prod-posters

say "Done"
"$terraform" output
