"""What a row of the table says may happen, and whether it is what happened.

A row's words, one sentence each:

    in place PATTERN...                     at least one resource of each pattern changes in place
    adds PATTERN...                         at least one of each is made
    removes PATTERN...                      these go, and no other
    lets go PATTERN...                      these leave the state and stay in the cloud, and no other
    replaces PATTERN because ARGUMENT       these are replaced, and no other; never something that serves or holds data
                                            and is destroyed first
    interrupts PATTERN for HOW LONG         it changes in place, is replaced or removed, and does not serve meanwhile
    waits PATTERN                           planned again until its window has passed, then no more
    nothing: WHY                            no resource changes
    refused TEXT                            cloudgen says this, at a line of the spec, and writes nothing
    broken FINDING: TEXT                    it fails today, and Terraform or the rig says this; strict: it must fail

Patterns are those of `fnmatch` over addresses; those of bootstrap/ and account/ begin with `bootstrap/` or `account/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from rig.updates.outcome import REVISIONS, Outcome, type_of

SERVES = (
    "aws_autoscaling_group",
    "aws_cloudwatch_log_group",
    "aws_db_instance",
    "aws_ecr_repository",
    "aws_ecs_service",
    "aws_efs_file_system",
    "aws_elasticache_replication_group",
    "aws_kms_key",
    "aws_lambda_alias",
    "aws_lambda_function",
    "aws_lb",
    "aws_lb_listener",
    "aws_lb_target_group",
    "aws_route53_record",
    "aws_route53_zone",
    "aws_s3_bucket",
    "aws_secretsmanager_secret",
    "aws_sqs_queue",
    "aws_subnet",
    "google_artifact_registry_repository",
    "google_certificate_manager_certificate",
    "google_cloud_run_v2_service",
    "google_cloud_run_v2_worker_pool",
    "google_compute_backend_service",
    "google_compute_global_forwarding_rule",
    "google_compute_region_instance_group_manager",
    "google_compute_subnetwork",
    "google_dns_managed_zone",
    "google_dns_record_set",
    "google_kms_crypto_key",
    "google_logging_project_bucket_config",
    "google_memorystore_instance",
    "google_pubsub_subscription",
    "google_pubsub_topic",
    "google_secret_manager_secret",
    "google_sql_database_instance",
    "google_storage_bucket",
)
"""Types that serve requests or hold data: while one is destroyed and not made anew, something does not work."""

FORMS = ("in place", "adds", "removes", "lets go", "replaces", "interrupts", "waits", "nothing", "refused", "broken")


class MisstatedError(ValueError):
    """A sentence of the table that says nothing in particular."""


@dataclass(frozen=True)
class Expectation:
    """A row's sentences, read."""

    patterns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Addresses by form, for the forms that are about addresses."""
    because: Mapping[str, str] = field(default_factory=dict)
    """Pattern -> the argument that forces its replacement."""
    nothing: bool = False
    refused: str | None = None
    broken: str | None = None
    """What the failure says that happens today."""
    finding: str = ""
    """The review's number of what is broken."""

    @classmethod
    def read(cls, sentences: Iterable[str]) -> Expectation:
        """Read a row's sentences. Raises `MisstatedError`."""
        patterns: dict[str, tuple[str, ...]] = {}
        because: dict[str, str] = {}
        texts: dict[str, str] = {}
        for sentence in sentences:
            form, rest = _form(sentence)
            if form in ("nothing", "refused", "broken"):
                texts[form] = rest.lstrip(": ")
                continue
            asked = {"replaces": "because", "interrupts": "for"}.get(form)
            words, _, why = rest.partition(f" {asked} ") if asked else (rest, "", "")
            if asked and not why:
                raise MisstatedError(f"{sentence!r} does not say {asked} what")
            found = tuple(words.split())
            if not found or any(not pattern.strip("*.") for pattern in found):
                raise MisstatedError(f"{sentence!r} names nothing")
            patterns[form] = (*patterns.get(form, ()), *found)
            if form == "replaces":
                because |= dict.fromkeys(found, why)
        finding, _, text = texts.get("broken", "").partition(": ")
        if "broken" in texts and not (finding and text):
            raise MisstatedError("what is broken has a finding and a text: broken A1: PriorityInUse")
        if not patterns and not texts.keys() & {"nothing", "refused"}:
            raise MisstatedError("a row expects something in particular")
        if not texts.get("nothing", "why") or not texts.get("refused", "what"):
            raise MisstatedError("say why nothing changes, or what cloudgen says")
        return cls(patterns, because, "nothing" in texts, texts.get("refused"), text or None, finding)

    def unmet(self, outcome: Outcome) -> Iterator[str]:
        """Yield a sentence for each thing that happened and may not, or was to happen and did not."""
        if self.nothing and outcome:
            yield f"changes {next(outcome.lines())}"
        replaced = {address: how for address, how in outcome.replaced.items() if type_of(address) not in REVISIONS}
        interrupts = self.patterns.get("interrupts", ())
        changed = (*outcome.updated, *outcome.replaced, *outcome.removed)
        yield from _missing("changed in place", self.patterns.get("in place", ()), outcome.updated)
        yield from _missing("made", self.patterns.get("adds", ()), outcome.added)
        yield from _missing("removed", self.patterns.get("removes", ()), outcome.removed)
        yield from _missing("let go", self.patterns.get("lets go", ()), outcome.let_go)
        yield from _missing("replaced", self.patterns.get("replaces", ()), replaced)
        yield from _missing("interrupted", interrupts, changed)
        removed = [address for address in outcome.removed if type_of(address) not in REVISIONS]
        yield from _others("removed", (*self.patterns.get("removes", ()), *interrupts), removed)
        yield from _others("let go", self.patterns.get("lets go", ()), outcome.let_go)
        for address, how in replaced.items():
            if _matches(address, interrupts):
                continue
            pattern = next((one for one in self.because if fnmatchcase(address, one)), None)
            if pattern is None:
                yield f"{address} is replaced because of {', '.join(how.because)}, which the row does not say"
            elif not set(self.because[pattern].split(" or ")) & set(how.because):
                yield f"{address} is replaced because of {', '.join(how.because)}, not of {self.because[pattern]}"
            elif how.deleted_first and type_of(address) in SERVES:
                yield f"{address} is destroyed before it is made anew: that interrupts, so the row has to say it"

    def waits(self, address: str) -> bool:
        """Whether a resource may be planned again until its window has passed."""
        return _matches(address, self.patterns.get("waits", ()))


def _form(sentence: str) -> tuple[str, str]:
    form = next((form for form in FORMS if sentence.startswith((f"{form} ", f"{form}:"))), None)
    if form is None:
        raise MisstatedError(f"{sentence!r} begins with none of {', '.join(FORMS)}")
    return form, sentence.removeprefix(form).strip()


def _matches(address: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(address, pattern) for pattern in patterns)


def _missing(what: str, patterns: Iterable[str], addresses: Iterable[str]) -> Iterator[str]:
    found = tuple(addresses)
    for pattern in patterns:
        if not any(fnmatchcase(address, pattern) for address in found):
            yield f"{pattern} is not {what}"


def _others(what: str, patterns: Iterable[str], addresses: Iterable[str]) -> Iterator[str]:
    for address in addresses:
        if not _matches(address, patterns):
            yield f"{address} is {what}, which the row does not say"
