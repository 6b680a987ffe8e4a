#!/bin/bash
# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Starts the container of a machine, and ends with it. What to run stands in the metadata of the machine. Secrets are only
# named there: they are fetched here, with the machine's own identity, whenever the container starts, and reach it by the
# environment of one process. No command line and no file has them: where Docker and containerd write down what they run
# is in memory.
set -euo pipefail

instance=http://metadata.google.internal/computeMetadata/v1/instance
# ask PATH: what the metadata server says.
ask() {
  curl --fail --silent --show-error --retry 5 --retry-connrefused --header 'Metadata-Flavor: Google' "$instance/$1"
}
keys=$(ask attributes/)
# has KEY: whether the metadata has it.
has() {
  grep --quiet --line-regexp --fixed-strings -e "$1" <<<"$keys"
}
# read_value KEY: puts it into value, with the newlines at its end, which a substitution would cut off.
read_value() {
  value=$(ask "attributes/$1" && printf .)
  value=${value%.}
}
token() {
  ask service-accounts/default/token | sed --quiet 's/.*"access_token": *"\([^"]*\)".*/\1/p'
}
# read_secret VERSION: puts its value into value.
read_secret() {
  value=$(
    printf 'header = "Authorization: Bearer %s"\n' "$(token)" |
      curl --fail --silent --show-error --retry 5 --config - "https://secretmanager.googleapis.com/v1/$1:access" |
      tr --delete ' \n' | sed --quiet 's/.*"data":"\([^"]*\)".*/\1/p' | base64 --decode && printf .
  )
  value=${value%.}
}
docker() {
  /usr/bin/docker --config /run/container-registry "$@"
}

# ---- The image, by its digest; what signed in is forgotten at once.
read_value container-image
image=$value
if ! docker image inspect "$image" >/dev/null 2>&1; then
  registry=${image%%/*}
  case $registry in
    *-docker.pkg.dev | gcr.io | *.gcr.io)
      token | docker login --username oauth2accesstoken --password-stdin "https://$registry" >/dev/null 2>&1
      ;;
  esac
  docker pull --quiet "$image"
  rm -rf /run/container-registry
fi

# ---- How it runs: as on a machine of its own, which it is, but for what a container need not do.
read_value container-name
options=(
  --rm --name container --network host --init --cap-drop ALL --security-opt no-new-privileges --pids-limit 4096
  # A core file would be a copy of its memory on the disk, secrets with it.
  --ulimit core=0
  # Without the copy that Docker keeps for `docker logs`.
  --log-driver gcplogs --log-opt mode=non-blocking --log-opt max-buffer-size=4m --log-opt cache-disabled=true
  --log-opt labels=container
  --label "container=$value"
)
if has container-user; then
  read_value container-user
  options+=(--user "$value:$value")
fi
if has container-read-only; then
  options+=(--read-only --tmpfs /tmp:mode=1777)
fi
# Folders that can be written begin with what the image has there, and go with the container.
number=0
while has "container-folder-$number"; do
  read_value "container-folder-$number"
  options+=(--volume "$value")
  number=$((number + 1))
done
arguments=()
number=0
while has "container-argument-$number"; do
  read_value "container-argument-$number"
  arguments+=("$value")
  number=$((number + 1))
done

# ---- Its variables.
secrets=()
for key in $keys; do
  case $key in
    variable-*)
      read_value "$key"
      options+=(--env "${key#variable-}=$value")
      ;;
    secret-*)
      read_value "$key"
      read_secret "$value"
      options+=(--env "${key#secret-}")
      secrets+=("${key#secret-}=$value")
      ;;
  esac
done

# ---- Container-Optimized OS lets nothing in by itself.
if has container-port; then
  read_value container-port
  rule=(INPUT --protocol tcp --dport "$value" --jump ACCEPT)
  iptables --wait --check "${rule[@]}" 2>/dev/null || iptables --wait --append "${rule[@]}"
fi

# ---- What is left of a container that was cut short. After a loss of power Docker knows nothing but its volumes.
docker rm --force --volumes container >/dev/null 2>&1 || true
docker volume prune --force >/dev/null 2>&1 || true
(
  set -- "${secrets[@]}" : /usr/bin/docker create "${options[@]}" "$image" "${arguments[@]}"
  # From here on no variable of this script is read, so that a secret may have any name.
  unset -v arguments options rule secrets
  while [ "$1" != : ]; do
    export "$1"
    shift
  done
  shift
  exec "$@"
) >/dev/null
unset secrets value
docker start container >/dev/null
exec /usr/bin/docker wait container
