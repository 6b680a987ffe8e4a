"""Deliberate defects of the second spec on Google Cloud, see `mutation`."""

from __future__ import annotations

from rig.updates.mutation import EditMutation as M

QUEUE_ONCE = "  enable_message_ordering = true\n\n  lifecycle {\n    create_before_destroy = true\n  }\n"

GCP_MUTATIONS: tuple[M, ...] = (
    M(
        "service-of-google-named-anew",
        "gcp",
        "another-command",
        "services.tf",
        r'"shop-staging-thumbs"',
        '"shop-staging-thumbs-2"',
        "google_cloud_run_v2_worker_pool.thumbs is replaced because of name",
    ),
    M(
        "worker-labelled-by-position",
        "gcp",
        "another-command",
        "services.tf",
        r'"google_cloud_run_v2_worker_pool" "thumbs"',
        '"google_cloud_run_v2_worker_pool" "thumbs_3"',
        "is removed, which the row",
    ),
    M(
        "network-named-anew",
        "gcp",
        "another-command",
        "network.tf",
        r'"shop-staging-containers"',
        '"shop-staging-tasks"',
        "google_compute_subnetwork.main",
    ),
    M(
        "bucket-of-google-named-anew",
        "gcp",
        "queue-slower",
        "bucket.tf",
        r'"shop-staging-assets-acme-shop"',
        '"shop-staging-assets-2-acme-shop"',
        "google_storage_bucket.assets is replaced because of name",
    ),
    M(
        "job-named-anew",
        "gcp",
        "job-at-another-time",
        "jobs.tf",
        r'"shop-staging-nightly"',
        '"shop-staging-nightly-3"',
        "is replaced because of name",
    ),
    M(
        "key-block-of-google-dropped",
        "gcp",
        "queue-slower",
        "bootstrap/kms.tf",
        r'"google_kms_crypto_key" "main"',
        '"google_kms_crypto_key" "other"',
        "bootstrap",
    ),
    M(
        "create-first-on-a-fixed-name",
        "gcp",
        "queue-slower",
        "queue.tf",
        r'(resource "google_pubsub_subscription" "jobs" \{\n)',
        rf"\g<1>{QUEUE_ONCE}\n",
        "exists already",
    ),
    M(
        "protection-on-a-worker",
        "gcp",
        "worker-removed",
        "services.tf",
        r"deletion_protection = false",
        "deletion_protection = true",
        "[deletion-protection]",
        both=True,
    ),
    M(
        "protection-on-a-job",
        "gcp",
        "worker-becomes-job",
        "services.tf",
        r"deletion_protection = false",
        "deletion_protection = true",
        "[deletion-protection]",
        both=True,
    ),
    M(
        "a-time-in-a-label",
        "gcp",
        "queue-slower",
        "queue.tf",
        r'(resource "google_pubsub_topic" "jobs" \{\n)',
        r"\1" + '  labels = { at = formatdate("hhmmss", timestamp()) }\n',
        "a second plan changes",
    ),
)
