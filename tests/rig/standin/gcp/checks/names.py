"""Names, labels and schedules: what Google's servers accept as text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rig.standin.configuration import Configuration
from rig.standin.shapes import Check, every, pattern
from rig.standin.violation import Violation

RFC1035 = r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?"
LABEL_MAPS = ("labels", "user_labels", "resource_labels", "settings.user_labels", "template.labels")
CRON = re.compile(r"(\S+\s+){4}\S+")

service_account_id = pattern(
    "account_id", r"[a-z][-a-z0-9]{4,28}[a-z0-9]", "6 to 30 lower-case letters, digits and dashes, first a letter"
)
compute_name = pattern("name", RFC1035, "1 to 63 lower-case letters, digits and dashes, first a letter (RFC 1035)")
template_prefix = pattern("name_prefix", r"[a-z][-a-z0-9]{0,53}", "at most 54 characters that begin an RFC 1035 name")
run_name = pattern("name", r"[a-z]([-a-z0-9]{0,47}[a-z0-9])?", "1 to 49 lower-case letters, digits and dashes")
secret_id = pattern("secret_id", r"(projects/[^/]+/secrets/)?[A-Za-z0-9_-]{1,255}", "1 to 255 letters, digits, - and _")
kms_name = pattern("name", r"[a-zA-Z0-9_-]{1,63}", "1 to 63 letters, digits, - and _")
repository_id = pattern("repository_id", r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?", "1 to 63 lower-case letters, digits, -")
memorystore_id = pattern("instance_id", r"[a-z0-9][-a-z0-9]{2,61}[a-z0-9]", "4 to 63 lower-case letters, digits, -")
pubsub_name = pattern(
    "name", r"(?!goog)[A-Za-z][A-Za-z0-9._~+%-]{2,254}", "3 to 255 characters, first a letter, not beginning with goog"
)
cluster_name = pattern("name", r"[a-z]([-a-z0-9]{0,38}[a-z0-9])?", "1 to 40 lower-case letters, digits and dashes")
zone_name = pattern("name", r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?", "1 to 63 lower-case letters, digits and dashes")
log_bucket_id = pattern("bucket_id", r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", "1 to 100 letters, digits, -, _ and .")
exclusion_name = pattern("name", r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", "1 to 100 letters, digits, -, _ and .")
database_name = pattern("name", r"[^\x00/\\]{1,63}", "1 to 63 characters")
iam_member = pattern(
    "member",
    r"allUsers|allAuthenticatedUsers|(serviceAccount|user|group|domain|principal|principalSet|projectOwner|projectEditor"
    r"|projectViewer|iamMember):\S+",
    "a member with its kind, such as 'serviceAccount:web@acme-shop.iam.gserviceaccount.com'",
)
iam_role = pattern(
    "role", r"roles/[\w.]+|(projects|organizations)/[^/]+/roles/[\w.]+", "a full name, such as 'roles/run.invoker'"
)
custom_role_id = pattern("role_id", r"[a-zA-Z0-9_.]{3,64}", "3 to 64 letters, digits, _ and .")
scheduler_name = pattern("name", r"[a-zA-Z0-9_-]{1,500}", "1 to 500 letters, digits, - and _")
certificate_name = pattern("name", r"[a-zA-Z0-9_-]{1,63}", "1 to 63 letters, digits, - and _")
dns_names_end_with_dot = every(
    pattern("dns_name", r"([^.\s]+\.)+", "a full DNS name that ends with a dot, such as 'example.com.'")
)
record_name = pattern("name", r"([^.\s]+\.)+", "a full DNS name that ends with a dot, such as 'www.example.com.'")


def wif_id(name: str) -> Check:
    """Return the check of a workload identity pool's or provider's id."""
    return pattern(
        name, r"(?!gcp-)[a-z0-9-]{4,32}", "4 to 32 lower-case letters, digits and dashes, not beginning gcp-"
    )


def bucket_name(resource: Configuration) -> Iterator[Violation]:
    """Bucket names are shared by the whole world."""
    for path, name in resource.find("name"):
        if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]", name):
            yield Violation(path, f"{name!r} is not 3 to 63 lower-case letters, digits, -, _ and .")
        elif re.fullmatch(r"(\d+\.){3}\d+", name):
            yield Violation(path, f"{name!r} looks like an IP address")
        elif name.startswith("goog") or "google" in name or "g00gle" in name:
            yield Violation(path, f"{name!r} begins with goog or contains google")


def instance_name(resource: Configuration) -> Iterator[Violation]:
    """A Cloud SQL instance and its project share 98 characters."""
    for path, name in resource.find("name"):
        if not re.fullmatch(r"[a-z]([-a-z0-9]*[a-z0-9])?", name):
            yield Violation(path, f"{name!r} is not lower-case letters, digits and dashes, first a letter")
        elif len(f"{resource.project}:{name}") > 98:
            yield Violation(path, f"project and name together have {len(f'{resource.project}:{name}')} characters")


def labels(resource: Configuration) -> Iterator[Violation]:
    """Label keys and values are lower-case; international letters are allowed."""
    channel = resource.type == "google_monitoring_notification_channel"  # its `labels` are its address
    for name in LABEL_MAPS[1:] if channel else LABEL_MAPS:
        for path, found in resource.find(name):
            if len(found) > 64:
                yield Violation(path, f"{len(found)} labels; at most 64 are allowed")
            for key, value in found.items():
                if key != key.lower() or not re.fullmatch(r"[^\W\d_][\w-]{0,62}", key):
                    yield Violation((*path, key), f"key {key!r} is not 1 to 63 lower-case letters, digits, _, -")
                if isinstance(value, str) and (value != value.lower() or not re.fullmatch(r"[\w-]{0,63}", value)):
                    yield Violation((*path, key), f"value {value!r} is not up to 63 lower-case letters, digits, _, -")


def cron(resource: Configuration) -> Iterator[Violation]:
    """A schedule has the five fields of Unix cron."""
    for name in ("schedule", "autoscaling_policy.scaling_schedules.schedule"):
        for path, text in resource.find(name):
            if not CRON.fullmatch(text.strip()):
                yield Violation(path, f"{text!r} does not have the five fields of cron")
