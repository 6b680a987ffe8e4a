#!/bin/sh
# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Makes buckets and queues in the stand-ins of compose.yaml, which runs it before the application starts.
# What exists already is kept, so it can run any number of times.
set -eu

# wait_for COMMAND...: up to a minute until a server answers; the last try shows why it does not
wait_for() {
  tries=30
  until "$@" >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || break
    sleep 2
  done
  "$@" >/dev/null
}

# make_bucket NAME Enabled|Suspended: the second says whether old versions of objects are kept
make_bucket() {
  aws s3api head-bucket --bucket "$1" >/dev/null 2>&1 || aws s3api create-bucket --bucket "$1" >/dev/null
  aws s3api put-bucket-versioning --bucket "$1" --versioning-configuration "Status=$2"
}

wait_for aws s3api list-buckets
make_bucket status-reports Suspended
