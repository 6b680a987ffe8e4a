"""Who may do what: grants that must be in place before the resource that needs them."""

from __future__ import annotations

from collections.abc import Iterator

from rig.standin.cloud import Cloud, Thing
from rig.standin.configuration import Configuration
from rig.standin.violation import Violation

AGENTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "google_artifact_registry_repository": ("gcp-sa-artifactregistry", ("kms_key_name",)),
    "google_cloud_run_v2_job": ("serverless-robot-prod", ("template.template.encryption_key",)),
    "google_cloud_run_v2_service": ("serverless-robot-prod", ("template.encryption_key",)),
    "google_compute_instance_template": ("compute-system", ("disk.disk_encryption_key.kms_key_self_link",)),
    "google_compute_region_instance_template": ("compute-system", ("disk.disk_encryption_key.kms_key_self_link",)),
    "google_container_cluster": ("container-engine-robot", ("database_encryption.key_name",)),
    "google_logging_project_bucket_config": ("gcp-sa-logging", ("cmek_settings.kms_key_name",)),
    "google_memorystore_instance": ("gcp-sa-memorystore", ("kms_key",)),
    "google_pubsub_topic": ("gcp-sa-pubsub", ("kms_key_name",)),
    "google_redis_instance": ("cloud-redis", ("customer_managed_key",)),
    "google_secret_manager_secret": (
        "gcp-sa-secretmanager",
        (
            "replication.user_managed.replicas.customer_managed_encryption.kms_key_name",
            "replication.auto.customer_managed_encryption.kms_key_name",
        ),
    ),
    "google_sql_database_instance": ("gcp-sa-cloud-sql", ("encryption_key_name",)),
    "google_storage_bucket": ("gs-project-accounts", ("encryption.default_kms_key_name",)),
}
"""The service agent (the domain of its address) that encrypts for a type, and where the key is named."""
KEY_USER = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
SECRET_READERS = ("roles/secretmanager.secretAccessor", "roles/secretmanager.admin")
SECRET_NAMES = (
    "template.containers.env.value_source.secret_key_ref.secret",
    "template.volumes.secret.secret",
    "template.template.containers.env.value_source.secret_key_ref.secret",
    "template.template.volumes.secret.secret",
)
IDENTITIES = (
    "template.service_account",
    "template.template.service_account",
    "service_account.email",
    "service_account",
    "http_target.oauth_token.service_account_email",
    "http_target.oidc_token.service_account_email",
    "push_config.oidc_token.service_account_email",
    "node_config.service_account",
    "cluster_autoscaling.auto_provisioning_defaults.service_account",
)


def grants(cloud: Cloud, *resource_types: str, roles: tuple[str, ...], member: str) -> Iterator[Thing]:
    """Yield the grants of some roles to a member (a part of its name)."""
    for thing in cloud.all(*resource_types):
        if thing.get("role") in roles and member in str(thing.get("member")):
            yield thing


def own_account(address: str, project: str) -> bool:
    """Whether an address is a service account of the project itself, which must be made first."""
    return address.endswith(f"@{project}.iam.gserviceaccount.com")


def account_exists(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A service account exists before it is used or granted something."""
    found = [(path, value) for name in IDENTITIES for path, value in resource.find(name) if isinstance(value, str)]
    found += [(path, value.partition(":")[2]) for path, value in resource.find("member")]
    for path, address in found:
        if not own_account(address, resource.project):
            continue
        account = cloud.find(address, "google_service_account")
        if account is None:
            yield Violation(path, f"400: service account {address} does not exist")
        else:
            cloud.rely(account)


def key_granted(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """The service agent may use a key before something is encrypted with it."""
    agent, names = AGENTS[resource.type]
    for name in names:
        for path, key in resource.find(name):
            if not key:
                continue
            held = [
                grant
                for grant in grants(cloud, "google_kms_crypto_key_iam_member", roles=(KEY_USER,), member=f"@{agent}.")
                if grant.get("crypto_key_id") == key
            ]
            if held:
                cloud.rely(*held)
            else:
                yield Violation(path, f"the service agent …@{agent} has no {KEY_USER} on {key}")


def key_location(resource: Configuration, _cloud: Cloud) -> Iterator[Violation]:
    """A key is where what it encrypts is."""
    for name in AGENTS[resource.type][1]:
        for path, key in resource.find(name):
            words = key.split("/")
            where = words[words.index("locations") + 1] if "locations" in words else ""
            place = str(resource.get("location") or resource.get("region") or resource.region)
            if ".auto." in name:
                place = "global"
            elif "replicas" in name:
                block = next(
                    (b for b in resource.blocks("replication.user_managed.replicas") if path[: len(b.path)] == b.path),
                    resource,
                )
                place = str(block.get("location", place))
            if where and where.lower() != place.lower():
                yield Violation(path, f"the key is in {where}, the resource in {place}")


def secret_readable(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A secret has a version, and the service's identity may read it, before the service starts."""
    identity = resource.get("template.service_account") or resource.get("template.template.service_account") or ""
    for name in SECRET_NAMES:
        for path, value in resource.find(name):
            secret = cloud.find(value, "google_secret_manager_secret")
            if secret is None:
                yield Violation(path, f"secret {value!r} does not exist")
                continue
            versions = [v for v in cloud.all("google_secret_manager_secret_version") if v.get("secret") == secret.id]
            if versions:
                cloud.rely(*versions)
            else:
                yield Violation(path, f"secret {value!r} has no version: the first instance cannot start")
            held = [
                grant
                for grant in grants(
                    cloud,
                    "google_secret_manager_secret_iam_member",
                    "google_project_iam_member",
                    roles=SECRET_READERS,
                    member=f":{identity}",
                )
                if identity
                and (
                    grant.type == "google_project_iam_member"
                    or cloud.find(str(grant.get("secret_id")), secret.type) == secret
                )
            ]
            if held:
                cloud.rely(*held)
            else:
                yield Violation(
                    path, f"Permission denied on secret: {identity or 'no identity'} may not read {value!r}"
                )


def event_receiver(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A trigger's identity may receive events; Cloud Storage's agent may publish them."""
    identity = resource.get("service_account", "")
    needs = [("service_account", ("roles/eventarc.eventReceiver",), f":{identity}")]
    if any("cloud.storage" in str(value) for _, value in resource.find("matching_criteria.value")):
        needs.append(("matching_criteria", ("roles/pubsub.publisher",), "@gs-project-accounts."))
    for name, roles, member in needs:
        held = list(grants(cloud, "google_project_iam_member", roles=roles, member=member))
        if held:
            cloud.rely(*held)
        else:
            yield Violation(resource.at(name), f"{member.strip(':@.')} has no {roles[0]} in the project")
