#!/bin/sh
# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Creates buckets and queues in the local services of compose.yaml. Compose runs it before the application starts.
# It keeps what exists, so it can be run again.
set -eu

# wait_for COMMAND...: waits up to a minute for a server. The last try shows its error.
wait_for() {
  tries=30
  until "$@" >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || break
    sleep 2
  done
  "$@" >/dev/null
}

# make_bucket NAME Enabled|Suspended: the second argument is the status of versioning.
make_bucket() {
  aws s3api head-bucket --bucket "$1" >/dev/null 2>&1 || aws s3api create-bucket --bucket "$1" >/dev/null
  aws s3api put-bucket-versioning --bucket "$1" --versioning-configuration "Status=$2"
}

wait_for aws s3api list-buckets
make_bucket portal-uploads Suspended
