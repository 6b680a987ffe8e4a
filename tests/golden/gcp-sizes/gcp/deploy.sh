#!/bin/sh
# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Brings the application to Google Cloud: what bootstrap/ makes, the images, then everything else. Can be run again at
# any time.
set -eu

usage() {
  cat <<'USAGE'
Usage: ./deploy.sh [OPTION]...

  --yes              apply without asking
  --tag TAG          tag of the images; default: the git commit, or the time where there is none
  --skip-bootstrap   leave out bootstrap/, which is applied already, from another machine for example
  -h, --help         show this help

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
skip_bootstrap=
while [ $# -gt 0 ]; do
  case $1 in
    --yes) approve=-auto-approve ;;
    --tag)
      [ $# -gt 1 ] || die "--tag needs a value"
      tag=$2
      shift
      ;;
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
for tool in "$terraform" gcloud; do
  command -v "$tool" >/dev/null || die "$tool is not installed"
done

gcloud projects describe "$project" --format='value(projectId)' >/dev/null ||
  die "there is no project $project, or these credentials cannot see it"
say "Project $project, region $region"

# Terraform needs these before it can switch on the others itself.
say "APIs"
gcloud services enable --project "$project" artifactregistry.googleapis.com cloudresourcemanager.googleapis.com logging.googleapis.com memorystore.googleapis.com pubsub.googleapis.com serviceusage.googleapis.com storage.googleapis.com

# Google's services work as agents of their own, which are granted something below. Making them takes gcloud's beta
# component, which gcloud installs where it is missing.
say "Service agents"
make_agent() {
  gcloud --quiet beta services identity create --project "$project" --service "$1" >/dev/null
}
make_agent artifactregistry.googleapis.com
make_agent memorystore.googleapis.com
make_agent pubsub.googleapis.com

if [ -z "$skip_bootstrap" ]; then
  say "Bootstrap"
  "$terraform" -chdir=bootstrap init -input=false
  "$terraform" -chdir=bootstrap apply $approve
fi

source_dir=${SOURCE_DIR:-../..}
docker_dir=${DOCKER_DIR:-../docker}
registry=us-central1-docker.pkg.dev
command -v docker >/dev/null || die "docker is not installed"
[ -d "$source_dir" ] || die "there is no folder $source_dir: set SOURCE_DIR to the folder that holds the spec"

# The commit names the images. Changes that are not committed, other than in what terraform writes, get a name of their own.
if [ -z "$tag" ] && tag=$(git -C "$source_dir" rev-parse --short HEAD 2>/dev/null); then
  changes=$(git -C "$source_dir" status --porcelain -- . ':(exclude,glob)**/images.auto.tfvars.json' \
    ':(exclude,glob)**/.terraform.lock.hcl' ':(exclude,glob)**/terraform.tfstate*')
  [ -z "$changes" ] || tag=$tag-$(date -u +%Y%m%d%H%M%S)
fi
[ -n "$tag" ] || tag=$(date -u +%Y%m%d%H%M%S)

digest_of() {
  gcloud artifacts docker images describe "$1:$tag" --project "$project" --format='value(image_summary.digest)'
}

images=
# publish CONTAINER REPOSITORY PLATFORM generated|source DOCKERFILE CONTEXT
publish() {
  case $4 in
    generated) dockerfile=$docker_dir/$5 ;;
    *) dockerfile=$source_dir/$5 ;;
  esac
  if ! digest=$(digest_of "$2" 2>/dev/null) || [ -z "$digest" ]; then
    say "Image of $1: build"
    docker build --platform "$3" --file "$dockerfile" --tag "$2:$tag" "$source_dir/$6"
    say "Image of $1: push"
    docker push "$2:$tag"
    digest=$(digest_of "$2")
  else
    say "Image of $1: $tag is in the registry already"
  fi
  images="${images:+$images, }\"$1\": \"$2@$digest\""
}

say "Sign in to $registry"
gcloud auth print-access-token | docker login --username oauth2accesstoken --password-stdin "https://$registry"
publish site us-central1-docker.pkg.dev/acme-media/media-prod/site linux/amd64 generated site.Dockerfile .
publish encoder us-central1-docker.pkg.dev/acme-media/media-prod/encoder linux/amd64 generated encoder.Dockerfile .
publish report us-central1-docker.pkg.dev/acme-media/media-prod/report linux/amd64 generated report.Dockerfile .

# Deployed by digest: what was built is what runs, whatever becomes of the tag.
printf '{"images": { %s }}\n' "$images" >images.auto.tfvars.json.new
mv images.auto.tfvars.json.new images.auto.tfvars.json
say "Wrote images.auto.tfvars.json"

say "Everything else"
"$terraform" init -input=false
"$terraform" apply $approve
say "Done"
"$terraform" output
