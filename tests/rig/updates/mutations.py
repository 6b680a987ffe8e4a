"""Deliberate defects of the second spec: each is put into what an edit renders, and the edit's row must catch it.

A defect stands in the rendered file, not in a template: what spreads from a template or a decision to a file is the
same thing there. It is put into what the second spec renders (a name that depends on something else has become another
one), or with `both` into what both render (a rule of the output that is missing everywhere). `old` is a regular
expression; it has a place in the file, or the row of this table is stale.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

BLOCK = r'resource "{}" "{}" \{{\n(?:.*\n)*?\}}\n'


@dataclass(frozen=True)
class EditMutation:
    """One wrong thing in a rendered file, the edit that must notice, and a part of what is said then."""

    name: str
    cloud: str
    edit: str
    file: str
    """Below the tree, such as `bootstrap/kms.tf`."""
    old: str
    new: str
    says: str
    both: bool = False

    def put_into(self, path: str, text: str) -> str:
        """Return a rendered file with the defect, if it is the one."""
        return re.sub(self.old, self.new, text, flags=re.M) if path == self.file else text

    def has_place(self, tree: Path) -> bool:
        """Whether the defect changes what was rendered."""
        file = tree / self.file
        return file.is_file() and self.put_into(self.file, file.read_text(encoding="utf-8")) != file.read_text(
            encoding="utf-8"
        )


def block(resource_type: str, name: str) -> str:
    """Return the expression of a whole resource block."""
    return BLOCK.format(resource_type, name)


M = EditMutation
QUEUE_ONCE = "  enable_message_ordering = true\n\n  lifecycle {\n    create_before_destroy = true\n  }\n"

# fmt: off
MUTATIONS: tuple[EditMutation, ...] = (
    # ---- names that depend on something else
    M("service-named-anew", "aws", "another-command", "services.tf",
      r'^(  name\s+= )"thumbs"$', r'\1"thumbs-2"', "aws_ecs_service.thumbs is replaced because of name"),
    M("service-labelled-by-position", "aws", "another-command", "services.tf",
      r'"aws_ecs_service" "thumbs"', '"aws_ecs_service" "thumbs_3"', "aws_ecs_service.thumbs is removed"),
    M("log-group-named-anew", "aws", "another-command", "services.tf",
      r'"/shop-staging/thumbs"', '"/shop-staging/thumbs-2"', "aws_cloudwatch_log_group.thumbs is replaced because of name"),
    M("role-named-anew", "aws", "another-command", "iam.tf",
      r'"shop-staging-thumbs-task"', '"shop-staging-thumbs-role"', "aws_iam_role.thumbs_task is replaced because of name"),
    M("group-described-anew", "aws", "another-command", "services.tf",
      r'"Tasks of thumbs"', '"Tasks of the worker thumbs"', "aws_security_group.thumbs is replaced because of description"),
    M("zones-in-another-order", "aws", "another-command", "network.tf",
      r'"10\.20\.(16|32)\.0/20"', r'"10.20.48.0/20"', "cidr_block"),
    M("queue-named-anew", "aws", "queue-slower", "queue.tf",
      r'"shop-staging-jobs"', '"shop-staging-jobs-300"', "aws_sqs_queue.jobs is replaced because of name"),
    M("bucket-named-anew", "aws", "bucket-without-versions", "bucket.tf",
      r'"shop-staging-assets-111122223333"', '"shop-staging-assets-x-111122223333"', "aws_s3_bucket.assets is replaced because of bucket"),
    M("secret-named-anew", "aws", "queue-slower", "secrets.tf",
      r'"shop-staging/stripe-key"', '"shop-staging/stripe"', "aws_secretsmanager_secret.stripe_key is replaced because of name"),
    M("another-login", "aws", "backups-kept-longer", "database.tf",
      r'"app"', '"owner"', "aws_db_instance.orders_db is replaced because of username"),
    M("caches-in-a-group-of-another-name", "aws", "queue-slower", "cache.tf",
      r'^(  name\s+= )"shop-staging"', r'\1"shop-staging-2"', "aws_elasticache_subnet_group.main is replaced because of name"),
    M("schedules-in-another-group", "aws", "job-at-another-time", "jobs.tf",
      r'^(  name = )"shop-staging"', r'\1"shop-staging-jobs"', "aws_scheduler_schedule_group.main is replaced because of name"),
    M("service-of-google-named-anew", "gcp", "another-command", "services.tf",
      r'"shop-staging-thumbs"', '"shop-staging-thumbs-2"', "google_cloud_run_v2_worker_pool.thumbs is replaced because of name"),
    M("worker-labelled-by-position", "gcp", "another-command", "services.tf",
      r'"google_cloud_run_v2_worker_pool" "thumbs"', '"google_cloud_run_v2_worker_pool" "thumbs_3"', "is removed, which the row"),
    M("network-named-anew", "gcp", "another-command", "network.tf",
      r'"shop-staging-containers"', '"shop-staging-tasks"', "google_compute_subnetwork.main"),
    M("bucket-of-google-named-anew", "gcp", "queue-slower", "bucket.tf",
      r'"shop-staging-assets-acme-shop"', '"shop-staging-assets-2-acme-shop"', "google_storage_bucket.assets is replaced because of name"),
    M("job-named-anew", "gcp", "job-at-another-time", "jobs.tf",
      r'"shop-staging-nightly"', '"shop-staging-nightly-3"', "is replaced because of name"),
    # ---- blocks that vanish
    M("key-block-dropped", "aws", "another-command", "bootstrap/kms.tf",
      block("aws_kms_alias", "main"), "", "bootstrap/aws_kms_alias.main is removed"),
    M("repository-deleted-first", "aws", "another-command", "bootstrap/registry.tf",
      r'"aws_ecr_(repository|lifecycle_policy)" "thumbs"', r'"aws_ecr_\1" "pictures"', "RepositoryNotEmptyException", ),
    M("key-block-of-google-dropped", "gcp", "queue-slower", "bootstrap/kms.tf",
      r'"google_kms_crypto_key" "main"', '"google_kms_crypto_key" "other"', "bootstrap"),
    M("dead-letters-dropped", "aws", "queue-slower", "queue.tf",
      block("aws_sqs_queue_redrive_allow_policy", "jobs_dead_letter"), "", "aws_sqs_queue_redrive_allow_policy.jobs_dead_letter is removed"),
    # ---- order, create before destroy, protection
    M("create-first-on-a-fixed-name", "gcp", "queue-slower", "queue.tf",
      r'(resource "google_pubsub_subscription" "jobs" \{\n)', rf"\g<1>{QUEUE_ONCE}\n", "exists already"),
    M("create-first-on-a-fixed-name-of-a-table", "aws", "queue-slower", "cache.tf",
      r'^(  name\s+= "shop-staging"\n)', r"\1  lifecycle {\n    create_before_destroy = true\n  }\n  tags_all = {}\n", "tags_all"),
    M("protection-on-a-worker", "gcp", "worker-removed", "services.tf",
      r"deletion_protection = false", "deletion_protection = true", "[deletion-protection]", both=True),
    M("protection-on-a-job", "gcp", "worker-becomes-job", "services.tf",
      r"deletion_protection = false", "deletion_protection = true", "[deletion-protection]", both=True),
    # ---- plans that are never empty
    M("a-time-in-a-description", "aws", "queue-slower", "secrets.tf",
      r'^(  name\s+= "shop-staging/stripe-key")', r"\1" + "\n  description = timestamp()", "a second plan changes"),
    M("a-time-in-a-label", "gcp", "queue-slower", "queue.tf",
      r'(resource "google_pubsub_topic" "jobs" \{\n)', r"\1" + '  labels = { at = formatdate("hhmmss", timestamp()) }\n', "a second plan changes"),
    # ---- what waits
    M("the-window-is-not-awaited", "aws", "database-larger", "database.tf",
      r"apply_immediately\s+= false", "apply_immediately = true", "does not wait for its window"),
    M("rules-of-one-priority", "aws", "route-added-in-the-middle", "load_balancer.tf",
      r"priority\s+= \d+", "priority = 10", "PriorityInUse", both=True),
    M("a-fixed-port-of-the-group", "aws", "another-port", "load_balancer.tf",
      r"port\s+= 9090", "port = 9091", "aws_lb_target_group.api", both=True),
)
# fmt: on
