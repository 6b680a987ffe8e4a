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
make_bucket media-films Enabled

# Set explicitly: version 1 of the AWS CLI has another default endpoint for SQS.
sqs() {
  aws --endpoint-url "$AWS_ENDPOINT_URL_SQS" sqs "$@"
}

# queue_url NAME: prints the URL of the queue. Creates it if it does not exist.
queue_url() {
  sqs get-queue-url --queue-name "$1" --query QueueUrl --output text 2>/dev/null ||
    sqs create-queue --queue-name "$1" --query QueueUrl --output text
}

# make_queue NAME DEAD_LETTERS ACK_DEADLINE RETENTION MAX_DELIVERIES: durations are in seconds.
make_queue() {
  dead_url=$(queue_url "$2")
  dead_arn=$(sqs get-queue-attributes --queue-url "$dead_url" --attribute-names QueueArn \
    --query Attributes.QueueArn --output text)
  redrive=$(printf '{\\"deadLetterTargetArn\\":\\"%s\\",\\"maxReceiveCount\\":\\"%s\\"}' "$dead_arn" "$5")
  attributes=$(printf '{"VisibilityTimeout":"%s","MessageRetentionPeriod":"%s","RedrivePolicy":"%s"}' \
    "$3" "$4" "$redrive")
  url=$(queue_url "$1")
  sqs set-queue-attributes --queue-url "$url" --attributes "$attributes"
}

wait_for sqs list-queues
make_queue jobs jobs_dead_letters 600 1209600 10
make_queue posters_events posters_events_dead_letters 300 86400 3
