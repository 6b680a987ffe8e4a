#!/bin/sh
# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Brings the application to AWS: what bootstrap/ makes, the images, then everything else. Can be run again at any time.
set -eu

usage() {
  cat <<'USAGE'
Usage: ./deploy.sh [OPTION]...

  --yes              apply without asking
  --tag TAG          tag of the images; default: the git commit, or the time where there is none
  --skip-images      build nothing: deploy the images of the last run, for changes of the infrastructure alone
  --skip-bootstrap   leave out bootstrap/, which is applied already
  -h, --help         show this help

Credentials for AWS come from the environment, as always. So do the values of variables, as TF_VAR_<name>.
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
while [ $# -gt 0 ]; do
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
region=eu-west-1

# ---- What can be known is checked before anything is changed.
for tool in "$terraform" aws; do
  command -v "$tool" >/dev/null || die "$tool is not installed"
done

account=$(aws sts get-caller-identity --query Account --output text)

source_dir=${SOURCE_DIR:-../..}
docker_dir=${DOCKER_DIR:-../docker}
# needs FILE [HINT]
needs() {
  [ -e "$1" ] || die "there is no $1${2-}"
}
if [ -n "$skip_images" ]; then
  [ -f images.auto.tfvars.json ] || die "there is no images.auto.tfvars.json, so no run has built images yet: leave out --skip-images"
else
  command -v docker >/dev/null || die "docker is not installed"
  [ -d "$source_dir" ] || die "there is no folder $source_dir: set SOURCE_DIR to the folder that holds the spec"
  needs "$docker_dir"/web.Dockerfile ': run cloudgen render with --target docker, or set DOCKER_DIR'
  needs "$docker_dir"/printer.Dockerfile ': run cloudgen render with --target docker, or set DOCKER_DIR'
  needs "$docker_dir"/thumbnails.Dockerfile ': run cloudgen render with --target docker, or set DOCKER_DIR'
  needs "$docker_dir"/index.Dockerfile ': run cloudgen render with --target docker, or set DOCKER_DIR'
  needs "$docker_dir"/nightly.Dockerfile ': run cloudgen render with --target docker, or set DOCKER_DIR'
  needs "$source_dir"/.
  needs "$source_dir"/printer
  needs "$source_dir"/printer
  needs "$source_dir"/printer
  needs "$source_dir"/printer
fi

# needs_value SECRET NAME: a secret that has no value yet gets one in this run
needs_value() {
  known=$(aws secretsmanager describe-secret --region "$region" --secret-id "$2" --query VersionIdsToStages --output text 2>/dev/null) || known=None
  [ "$known" != None ] || die "the secret $1 has no value yet: export TF_VAR_secret_values, as README.md shows"
}
if [ -z "${TF_VAR_secret_values-}" ] && ! grep -qs secret_values ./*.tfvars ./*.tfvars.json; then
  needs_value signing-key darkroom-staging/signing-key
  needs_value printer-token darkroom-staging/printer-token
fi
say "Account $account, region $region"

state_bucket=darkroom-staging-state-$account-$region
# run COMMAND...: a command of terraform; where it fails, locks that were left behind are named
run() {
  "$@" && return
  status=$?
  locks=$(aws s3api list-objects-v2 --region "$region" --bucket "$state_bucket" --output text \
    --query "Contents[?ends_with(Key, '.tflock')].Key" 2>/dev/null) || locks=None
  case $locks in
    '' | None) ;;
    *)
      printf 'deploy.sh: this state is locked: %s\n' "$locks" >&2
      printf 'If nobody else is deploying, a run was interrupted: terraform force-unlock ID, with the ID that stands above, in\n' >&2
      printf 'the same folder (terraform -chdir=bootstrap force-unlock ID, for example).\n' >&2
      ;;
  esac
  exit "$status"
}

if [ -z "$skip_bootstrap" ]; then
  say "Bootstrap"
  # Its state lies in the bucket that it makes itself: the first run keeps the state in a file, and then moves it.
  if found=$(aws s3api head-object --region "$region" --bucket "$state_bucket" --key darkroom-staging/bootstrap/terraform.tfstate 2>&1); then
    run "$terraform" -chdir=bootstrap init -input=false -reconfigure -backend-config="bucket=$state_bucket"
    run "$terraform" -chdir=bootstrap apply -input=false $approve
  else
    case $found in
      *404* | *"Not Found"*) ;;
      *) die "cannot read the state in $state_bucket: $found" ;;
    esac
    printf 'terraform {\n  backend "local" {}\n}\n' >bootstrap/first_run_override.tf
    run "$terraform" -chdir=bootstrap init -input=false -reconfigure
    run "$terraform" -chdir=bootstrap apply -input=false $approve
    rm bootstrap/first_run_override.tf
    run "$terraform" -chdir=bootstrap init -input=false -migrate-state -force-copy -backend-config="bucket=$state_bucket"
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

registry=$account.dkr.ecr.$region.amazonaws.com
repository=darkroom-staging

# digest_of TAG: nothing where the registry has no such image; other failures end the run
digest_of() {
  if ! found=$(aws ecr describe-images --region "$region" --repository-name "$repository" --image-ids "imageTag=$1" \
    --query 'imageDetails[0].imageDigest' --output text 2>&1); then
    case $found in
      *ImageNotFoundException*) return ;;
      *) die "cannot read $repository: $found" ;;
    esac
  fi
  printf '%s\n' "$found"
}

# Without attestations: what is pushed is one image, and the registry counts it as one.
export BUILDX_NO_DEFAULT_ATTESTATIONS=1

images=
# publish CONTAINER PLATFORM generated|source DOCKERFILE CONTEXT [OPTION...]
publish() {
  case $3 in
    generated) dockerfile=$docker_dir/$4 ;;
    *) dockerfile=$source_dir/$4 ;;
  esac
  name=$1 platform=$2 context=$source_dir/$5
  shift 5
  image=$registry/$repository:$name.$tag
  digest=$(digest_of "$name.$tag")
  if [ -z "$digest" ]; then
    say "Image of $name: build"
    docker build --platform "$platform" --file "$dockerfile" --tag "$image" "$@" "$context"
    say "Image of $name: push"
    # Signed in anew each time: a build may take longer than a session lasts.
    aws ecr get-login-password --region "$region" | docker login --username AWS --password-stdin "$registry"
    docker push "$image"
    digest=$(digest_of "$name.$tag")
    [ -n "$digest" ] || die "$image was pushed, and the registry does not have it"
  else
    say "Image of $name: $tag is in the registry already"
  fi
  images="${images:+$images, }\"$name\": \"$registry/$repository@$digest\""
}

if [ -z "$skip_images" ]; then
  publish web linux/amd64 generated web.Dockerfile .
  publish printer linux/amd64 generated printer.Dockerfile printer
  publish thumbnails linux/amd64 generated thumbnails.Dockerfile printer
  publish index linux/amd64 generated index.Dockerfile printer
  publish nightly linux/amd64 generated nightly.Dockerfile printer

  # Deployed by digest: what was built is what runs, whatever becomes of the tag.
  printf '{"images": { %s }}\n' "$images" >images.auto.tfvars.json.new
  mv images.auto.tfvars.json.new images.auto.tfvars.json
  say "Wrote images.auto.tfvars.json"
fi

say "Everything else"
run "$terraform" init -input=false -backend-config="bucket=$state_bucket"
run "$terraform" apply -input=false $approve

say "Done"
"$terraform" output
