"""The stand-in for hashicorp/aws: schema, tags, policies, and the rules of Amazon's servers (`aws.rules`)."""

from __future__ import annotations

import ipaddress
import json
import zlib
from collections.abc import Iterable
from typing import Any

from rig.standin.aws.changing import images_in_use, priority_taken, redirects_nowhere
from rig.standin.aws.computed import ACCOUNT, AwsComputed, validation_options
from rig.standin.aws.deferred import READ, waiting
from rig.standin.aws.policy import policy_document
from rig.standin.aws.references import still_used
from rig.standin.aws.rules import broken, out_of_order
from rig.standin.cloud import Cloud
from rig.standin.computed import Computed
from rig.standin.configuration import Configuration
from rig.standin.encoding import is_unknown
from rig.standin.provider import Provider, Values
from rig.standin.schema import Block, RecordedSchema, ValuePath
from rig.standin.violation import Violation

JSON_ARGUMENTS = ("policy", "assume_role_policy", "container_definitions", "redrive_policy", "dashboard_body")

PROTECTIONS = ("deletion_protection", "deletion_protection_enabled", "enable_deletion_protection")
"""What is deleted only after this was turned off: databases, clusters, load balancers."""

GLOBAL = "us-east-1"
"""Where AWS has what belongs to no region, such as the measurements of Route 53."""
PUBLISHED = ("version", "qualified_arn", "qualified_invoke_arn")
"""What a function has of its newest version."""
NOT_PUBLISHED = {
    *PUBLISHED,
    *("tags", "tags_all", "reserved_concurrent_executions", "replace_security_groups_on_destroy", "skip_destroy"),
}
"""Of a function, what no version holds: the provider's plan renews the version for everything else."""
ID_REPEATS = (
    "aws_appautoscaling_policy",
    "aws_appautoscaling_scheduled_action",
    "aws_autoscaling_policy",
    "aws_autoscaling_schedule",
)
"""Types whose id is only their name within what is scaled."""
NAMED_WITHIN = (
    "aws_lambda_alias",
    "aws_autoscaling_policy",
    "aws_ecs_service",
    "aws_iam_role_policy",
    "aws_route53_record",
    "aws_route53_zone",
)
"""Types whose name need not be the only one of the account: it counts within a role, a cluster, a zone."""


def text(config: Values, name: str) -> str | None:
    """Return an argument that is set to a known text."""
    value = config.get(name)
    return value if isinstance(value, str) else None


class AwsProvider(Provider):
    """The aws provider."""

    computed = AwsComputed
    changed_by_others = READ

    def __init__(self, recorded: RecordedSchema, cloud: Cloud | None = None) -> None:
        super().__init__(recorded, cloud)
        self._left: list[tuple[int, Values]] = []

    @property
    def region(self) -> str:
        """The region of the provider block."""
        return str(self.configuration.get("region") or "us-east-1")

    def configured(self, config: Values) -> Values:
        """Keep the region of the deployment, where one process serves its provider block for us-east-1 as well.

        Terraform does not say which block a resource belongs to. Blocks of one deployment have the same tags.
        """
        known = self.configuration
        second = config.get("region") == GLOBAL and known.get("default_tags") == config.get("default_tags")
        return known if second and known.get("region") not in (None, GLOBAL) else config

    def check_configuration(self, resource_type: str, config: Values) -> list[Violation]:
        """Check the rules, and what the real provider checks in code: name with name_prefix, JSON, address ranges."""
        found = broken(Configuration(resource_type, config))
        if text(config, "name") and text(config, "name_prefix"):
            found.append(Violation(("name",), "conflicts with name_prefix", "Conflicting configuration arguments"))
        for name in JSON_ARGUMENTS:
            try:
                json.loads(text(config, name) or "{}")
            except ValueError as error:
                found.append(Violation((name,), f"is not valid JSON: {error}", "Invalid JSON"))
        if cidr := text(config, "cidr_block"):
            try:
                ipaddress.ip_network(cidr)
            except ValueError as error:
                found.append(Violation(("cidr_block",), str(error), "Invalid CIDR block"))
        return found

    def changes_in_place(self, resource_type: str, planned: Values, path: ValuePath) -> bool:
        """A service that may be deployed anew takes another capacity provider (the provider's customized diff)."""
        strategy = (resource_type, path[0]) == ("aws_ecs_service", "capacity_provider_strategy")
        return strategy and planned.get("force_new_deployment") is True

    def check_creation(self, resource_type: str, config: Values, identity: str) -> list[Violation]:
        """Refuse a name that is taken, by what exists or by a secret that can still be restored, and a wrong order."""
        taken = self._taken(resource_type, config, identity)
        return taken or self.check_update(resource_type, config, identity, new=True)

    def check_update(
        self, resource_type: str, config: Values, identity: str = "", *, new: bool = False
    ) -> list[Violation]:
        """Check what must exist, and what must not, before a resource is changed."""
        resource = Configuration(resource_type, config)
        taken = priority_taken(resource, self.cloud, identity, self._released())
        found = [*out_of_order(resource, self.cloud), *taken]
        if new:
            return found
        if thing := self.cloud.things.get(f"{resource_type} {identity}"):
            self._release(thing.values)
        return [*found, *redirects_nowhere(resource, self.cloud)]

    def _release(self, values: Values) -> None:
        """Note what a resource was before this run of Terraform changes or deletes it."""
        self._left.append((self.cloud.run(), values))

    def _released(self) -> list[Values]:
        run = self.cloud.run()
        self._left = [item for item in self._left if item[0] == run]
        return [values for _, values in self._left]

    def deferred(self, resource_type: str, old: Values, new: Values) -> Values:
        """Return what waits for the maintenance window."""
        return waiting(resource_type, old, new)

    def _taken(self, resource_type: str, config: Values, identity: str) -> list[Violation]:
        name = None if resource_type in NAMED_WITHIN else text(config, "name")
        if resource_type in ID_REPEATS:
            return []
        for thing in self.cloud.things.values():
            if thing.type == resource_type and (thing.id == identity or (name and thing.get("name") == name)):
                if thing.gone:
                    told = f"{thing.id} is scheduled for deletion, and its name stays taken until then"
                    return [Violation((), told, "[name-stays] some names cannot be used again")]
                return [Violation((), f"{thing.id} exists already", "[already-exists] a name is taken")]
        return []

    def check_deletion(self, resource_type: str, prior: Values) -> list[Violation]:
        """Refuse what is protected, what something uses, and what is not empty."""
        if prior.get("skip_destroy") is True:
            return []  # AWS is not asked: only the state forgets it.
        self._release(prior)
        protected = [
            Violation((name,), "is true, so the deletion is refused", "[deletion-protection] protected resources stay")
            for name in PROTECTIONS
            if prior.get(name) is True
        ]
        resource = Configuration(resource_type, prior)
        used = [
            Violation(item.path, item.message, "[in-use] what others use stays")
            for item in still_used(resource, self.cloud)
        ]
        return [*protected, *used, *images_in_use(resource, self.cloud)]

    def name_stays(self, resource_type: str, prior: Values) -> bool:
        """Whether a deleted secret can still be restored.

        https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html; the provider asks for 30
        days when nothing is said.
        """
        return resource_type == "aws_secretsmanager_secret" and prior.get("recovery_window_in_days") != 0

    def renewed(self, resource_type: str, prior: Values, proposed: Values) -> Iterable[str]:
        """A function that publishes has a new version when its code or configuration changes."""
        if resource_type != "aws_lambda_function" or proposed.get("publish") is not True:
            return ()
        changed = {name for name in proposed if prior.get(name) != proposed[name]} - NOT_PUBLISHED
        return PUBLISHED if changed else ()

    def known_at_plan(self, resource_type: str, name: str, config: Values) -> Any:
        """Return the region, which each resource takes over from the provider block."""
        return self.region if name == "region" else None

    def finish_plan(self, resource_type: str, planned: Values, block: Block) -> Values:
        """Merge default tags; compute a certificate's validation records, which `for_each` needs at plan."""
        tags = planned.get("tags")
        if "tags_all" in block.get("attributes", {}) and not is_unknown(tags):
            default = (self.configuration.get("default_tags") or [{}])[0].get("tags") or {}
            planned["tags_all"] = {**default, **(tags or {})}
        domain, alternatives = planned.get("domain_name"), planned.get("subject_alternative_names")
        if resource_type == "aws_acm_certificate" and isinstance(domain, str):
            names = [] if is_unknown(alternatives) else [name for name in alternatives or [] if not is_unknown(name)]
            planned["domain_validation_options"] = validation_options(domain, names)
        return planned

    def read_data(self, source_type: str, out: Values, computed: Computed) -> Values:
        """Answer for the account, the region and policy documents."""
        region = self.region
        if source_type == "aws_availability_zones":
            out.update(names=[region + letter for letter in "abc"], zone_ids=["az1", "az2", "az3"], id=region)
        elif source_type == "aws_caller_identity":
            out.update(account_id=ACCOUNT, arn=f"arn:aws:iam::{ACCOUNT}:user/test", user_id="AIDATEST", id=ACCOUNT)
        elif source_type == "aws_region":
            out.update(name=region, region=region, id=region, endpoint=f"ec2.{region}.amazonaws.com")
        elif source_type == "aws_partition":
            out.update(partition="aws", dns_suffix="amazonaws.com", id="aws", reverse_dns_prefix="com.amazonaws")
        elif source_type == "aws_iam_policy_document":
            policy = policy_document(out)
            minified = json.dumps(json.loads(policy), separators=(",", ":"))
            out.update(json=policy, minified_json=minified, id=str(zlib.crc32(policy.encode())))
        return out
