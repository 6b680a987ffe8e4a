"""What Pub/Sub, Cloud Storage, Secret Manager, Memorystore and Cloud Scheduler refuse."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator

from rig.standin.configuration import Configuration
from rig.standin.shapes import Check, conflicts, duration, every, exactly_one, seconds, together, within
from rig.standin.violation import Violation

DAY = 86400
push_or_store = conflicts("push_config", "bigquery_config", "cloud_storage_config")
retry_policy = every(seconds("retry_policy.minimum_backoff", 0, 600), seconds("retry_policy.maximum_backoff", 0, 600))
replication = within("replication", exactly_one("auto", "user_managed"))
password_wo = together("password_wo", "password_wo_version")
scheduler_target = exactly_one("http_target", "pubsub_target", "app_engine_http_target")
scheduler_token = within("http_target", conflicts("oauth_token", "oidc_token"))
secret_expiry = conflicts("expire_time", "ttl")


def secret_value(resource: Configuration) -> Iterator[Violation]:
    """A value is given in one way. An empty text is given to the provider, too; it is the server that refuses it."""
    names = ("secret_data", "secret_data_wo")
    given = [name for name in names if resource.values.get(name) is not None]
    if len(given) != 1:
        yield Violation(resource.at("secret_data"), f"exactly one of {', '.join(names)} is needed, not {len(given)}")
    if "secret_data_wo" in given and not resource.is_set("secret_data_wo_version"):
        yield Violation(resource.at("secret_data_wo_version"), "is needed with secret_data_wo")


def expiration(resource: Configuration) -> Iterator[Violation]:
    """A subscription dies after 31 idle days unless it is told otherwise."""
    if not resource.is_set("expiration_policy"):
        yield Violation(resource.at("expiration_policy"), "without it the subscription is deleted after 31 idle days")
    for path, value in resource.find("expiration_policy.ttl"):
        ttl = duration(value)
        if value == "":
            continue
        if ttl is None or ttl < DAY:
            yield Violation(path, f"{value!r} must be '' (never) or at least 86400s")
        elif ttl <= (duration(resource.get("message_retention_duration", "604800s")) or 0):
            yield Violation(path, f"{value} must be longer than message_retention_duration")


def backoff_order(resource: Configuration) -> Iterator[Violation]:
    """The shortest pause is not above the longest."""
    for policy in resource.blocks("retry_policy"):
        low = duration(policy.get("minimum_backoff", "10s")) or 0
        if low > (duration(policy.get("maximum_backoff", "600s")) or 600):
            yield Violation(policy.at("minimum_backoff"), "is above maximum_backoff")


def push_endpoint(resource: Configuration) -> Iterator[Violation]:
    """Messages are pushed to HTTPS."""
    for path, value in resource.find("push_config.push_endpoint"):
        if not value.startswith("https://"):
            yield Violation(path, f"{value!r} does not begin with https://")


def lifecycle_rules(resource: Configuration) -> Iterator[Violation]:
    """Each rule has an action, a condition, and goes with what it does."""
    for rule in resource.blocks("lifecycle_rule"):
        kind = rule.get("action.type")
        for path, value in rule.find("condition.days_since_noncurrent_time"):
            if value < 1:
                yield Violation(path, "0 is not sent: the rule would lose its condition")
        settled = {
            name for condition in rule.blocks("condition") for name in condition.values if condition.is_set(name)
        }
        if not settled:
            yield Violation(rule.at("condition"), "a rule needs a condition")
        if kind == "AbortIncompleteMultipartUpload" and settled - {"age", "matches_prefix", "matches_suffix"}:
            yield Violation(rule.at("condition"), "AbortIncompleteMultipartUpload knows age, prefix and suffix only")
        if (kind == "SetStorageClass") != rule.is_set("action.storage_class"):
            yield Violation(rule.at("action.storage_class"), "goes with SetStorageClass, and only with it")


def soft_delete(resource: Configuration) -> Iterator[Violation]:
    """Deleted objects are kept not at all, or 7 to 90 days."""
    for path, value in resource.find("soft_delete_policy.retention_duration_seconds"):
        if value != 0 and not 7 * DAY <= value <= 90 * DAY:
            yield Violation(path, f"{value} is neither 0 nor between {7 * DAY} and {90 * DAY}")


def bucket_retention(resource: Configuration) -> Iterator[Violation]:
    """A retention policy is at most 100 years, and excludes versioning only when autoclass says so."""
    for path, value in resource.find("retention_policy.retention_period"):
        if not 0 < float(value) < 3_155_760_000:
            yield Violation(path, f"{value} is not between 1 and 3155759999 seconds")


def memorystore_shape(resource: Configuration) -> Iterator[Violation]:
    """Without cluster mode there is one shard; up to five replicas."""
    shards, replicas = resource.get("shard_count", 1), resource.get("replica_count", 0)
    if resource.get("mode") == "CLUSTER_DISABLED" and shards != 1:
        yield Violation(resource.at("shard_count"), f"{shards}: CLUSTER_DISABLED has one shard")
    if not 0 <= replicas <= 5:
        yield Violation(resource.at("replica_count"), f"{replicas} is not between 0 and 5")


def memorystore_endpoint(resource: Configuration) -> Iterator[Violation]:
    """An instance without an endpoint cannot be reached."""
    if not any(resource.is_set(name) for name in ("desired_auto_created_endpoints", "desired_psc_auto_connections")):
        yield Violation(resource.at("desired_auto_created_endpoints"), "the network to be reached from is needed")


def attempt_deadline(resource: Configuration) -> Iterator[Violation]:
    """15 seconds to 30 minutes for HTTP; none for Pub/Sub."""
    if resource.is_set("attempt_deadline") and resource.is_set("pubsub_target"):
        yield Violation(resource.at("attempt_deadline"), "is ignored for Pub/Sub, and the plan never becomes empty")
    elif resource.is_set("http_target"):
        yield from seconds("attempt_deadline", 15, 1800)(resource)


def scheduler_identity(resource: Configuration) -> Iterator[Violation]:
    """Google's APIs want an OAuth token, everything else an OpenID Connect token."""
    for target in resource.blocks("http_target"):
        uri = str(target.get("uri", ""))
        api = ".googleapis.com/" in uri
        if api and target.is_set("oidc_token"):
            yield Violation(target.at("oidc_token"), "a Google API wants oauth_token")
        if uri and not api and target.is_set("oauth_token"):
            yield Violation(target.at("oauth_token"), "only Google APIs take it; use oidc_token")


def time_zone(name: str) -> Check:
    """Every value at `name` is a zone of the tz database."""

    def check(resource: Configuration) -> Iterator[Violation]:
        for path, value in resource.find(name):
            if value not in zoneinfo.available_timezones():
                yield Violation(path, f"{value!r} is not a time zone of the tz database")

    return check


def cleanup_policies(resource: Configuration) -> Iterator[Violation]:
    """A policy is told by its id, and either has a condition or, to keep, a number of the newest versions."""
    seen = set()
    for policy in resource.blocks("cleanup_policies"):
        newest = policy.is_set("most_recent_versions")
        if newest and policy.is_set("condition"):
            yield Violation(policy.at("most_recent_versions"), "conflicts with condition")
        if newest and policy.get("action", "KEEP") != "KEEP":
            yield Violation(policy.at("action"), "must be KEEP with most_recent_versions")
        for path, identity in policy.find("id"):
            if identity in seen:
                yield Violation(path, f"{identity!r} is the id of another policy")
            seen.add(identity)
