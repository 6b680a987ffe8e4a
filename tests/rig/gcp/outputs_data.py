"""What Cloud SQL, Memorystore, Cloud Storage, KMS, IAM and Logging add to a new resource."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rig.gcp.outputs_compute import defaults
from rig.gcp.refusal import invalid
from rig.gcp.store import Store, now, number_of, project_in

Json = dict[str, Any]


def _sql_instance(store: Store, item: str, value: Json) -> None:
    region, project = value.get("region", "us-central1"), project_in(item)
    settings = value.setdefault("settings", {})
    defaults(settings, settingsVersion="1", kind="sql#settings", replicationType="SYNCHRONOUS")
    network = settings.get("ipConfiguration", {}).get("privateNetwork", "")
    if network and not _peered(store, network):
        text = "because the network doesn't have at least 1 private services connection"
        invalid(f"Failed to create instance {text}.", "invalidRequest")
    times = {"createTime": now(), "expirationTime": now()}
    defaults(value, instanceType="CLOUD_SQL_INSTANCE")
    value.update(
        state="RUNNABLE",
        backendType="SECOND_GEN",
        connectionName=f"{project}:{region}:{value['name']}",
        serviceAccountEmailAddress="p1-x@gcp-sa-cloud-sql.iam.gserviceaccount.com",
        ipAddresses=[{"type": "PRIVATE", "ipAddress": "10.200.0.3"}],
        serverCaCert={"cert": "x", "sha1Fingerprint": "y", "commonName": "c"} | times,
        gceZone=f"{region}-b",
    )


def _peered(store: Store, network: str) -> bool:
    name = network.rsplit("/", 1)[-1]
    connections = (value for (api, _), value in store.objects.items() if api == "servicenetworking")
    return any(str(value.get("network", "")).rsplit("/", 1)[-1] == name for value in connections)


def _memorystore(store: Store, item: str, value: Json) -> None:
    asked = (value.get("endpoints") or [{"connections": [{"pscAutoConnection": {}}]}])[0]["connections"][0]
    one_node = value.get("mode") == "CLUSTER_DISABLED"
    first = "CONNECTION_TYPE_PRIMARY" if one_node else "CONNECTION_TYPE_DISCOVERY"
    # As recorded answers have it: two connections, the second for reading where there are no shards.
    kinds: list[Json] = [
        {"port": 6379, "connectionType": first},
        {"port": 6379, "connectionType": "CONNECTION_TYPE_READER"} if one_node else {},
    ]
    connections = [
        {
            "pscAutoConnection": asked["pscAutoConnection"]
            | {"ipAddress": f"10.20.0.{9 + at}", "pscConnectionId": str(at)}
            | {"forwardingRule": f"rule-{at}", "serviceAttachment": f"attachment-{at}"}
            | kind
        }
        for at, kind in enumerate(kinds)
    ]
    value.update(state="ACTIVE", endpoints=[{"connections": connections}], nodeConfig={"sizeGb": 1.4})
    value.pop("pscAutoConnections", None)
    defaults(
        value,
        authorizationMode="AUTH_DISABLED",
        transitEncryptionMode="TRANSIT_ENCRYPTION_DISABLED",
        mode="CLUSTER",
        nodeType="HIGHMEM_MEDIUM",
        replicaCount=0,
        zoneDistributionConfig={"mode": "MULTI_ZONE"},
        persistenceConfig={"mode": "DISABLED"},
        automatedBackupConfig={"automatedBackupMode": "DISABLED"},
        engineVersion="VALKEY_8_0",
        deletionProtectionEnabled=False,
        labels={},
    )


def _bucket(store: Store, item: str, value: Json) -> None:
    configuration = value.setdefault("iamConfiguration", {})
    defaults(configuration, publicAccessPrevention="inherited", uniformBucketLevelAccess={"enabled": False})
    value.update(
        id=value["name"],
        location=value.get("location", "US").upper(),
        storageClass=value.get("storageClass", "STANDARD"),
        locationType="region",
        selfLink=f"https://www.googleapis.com{item}",
    )
    defaults(value, rpo="DEFAULT", softDeletePolicy={"retentionDurationSeconds": "604800"})


def _account(store: Store, item: str, value: Json) -> None:
    project = project_in(item)
    email = f"{item.rsplit('/', 1)[-1].split('@')[0]}@{project}.iam.gserviceaccount.com"
    value.pop("accountId", None)
    value.update(email=email, projectId=project, name=f"projects/{project}/serviceAccounts/{email}")


def _crypto_key(store: Store, item: str, value: Json) -> None:
    version = {
        "name": f"{value['name']}/cryptoKeyVersions/1",
        "state": "ENABLED",
        "algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION",
        "protectionLevel": "SOFTWARE",
        "createTime": now(),
    }
    value["primary"] = version
    value.setdefault("destroyScheduledDuration", "2592000s")
    value.setdefault("versionTemplate", {"algorithm": version["algorithm"], "protectionLevel": "SOFTWARE"})
    store.put("cloudkms", f"{item}/cryptoKeyVersions/1", version)


def _log_sink(store: Store, item: str, value: Json) -> None:
    number = number_of(project_in(item))[:12]
    value["writerIdentity"] = f"serviceAccount:service-{number}@gcp-sa-logging.iam.gserviceaccount.com"


def _log_bucket(store: Store, item: str, value: Json) -> None:
    defaults(value, lifecycleState="ACTIVE", retentionDays=30)


def _repository(store: Store, item: str, value: Json) -> None:
    defaults(value, mode="STANDARD_REPOSITORY")
    project, location = item.split("/")[3], item.split("/")[5]
    value["registryUri"] = f"{location}-docker.pkg.dev/{project}/{item.rsplit('/', 1)[-1]}"


def _active(store: Store, item: str, value: Json) -> None:
    value["state"] = "ACTIVE"


FILLS: Mapping[str, Callable[[Store, str, Json], None]] = {
    "Bucket": _bucket,
    "CryptoKey": _crypto_key,
    "DatabaseInstance": _sql_instance,
    "LogBucket": _log_bucket,
    "LogSink": _log_sink,
    "Memorystore": _memorystore,
    "Repository": _repository,
    "ServiceAccount": _account,
    "WorkloadIdentityPool": _active,
    "WorkloadIdentityPoolProvider": _active,
}
