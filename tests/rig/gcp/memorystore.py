"""Memorystore's API in the form of a discovery document, which the package with all the others does not have.

Methods, fields and values: https://cloud.google.com/memorystore/docs/valkey/reference/rest/v1/projects.locations.instances
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

INSTANCES = "v1/projects/{project}/locations/{location}/instances"
INSTANCE = INSTANCES + "/{instance}"


def _text(*values: str) -> Json:
    return {"type": "string"} | ({"enum": list(values)} if values else {})


def _object(**fields: Json) -> Json:
    return {"type": "object", "properties": fields}


def _list(item: Json) -> Json:
    return {"type": "array", "items": item}


ANY = {"type": "any"}
FLAG, NUMBER = {"type": "boolean"}, {"type": "integer"}
TEXTS = {"type": "object", "additionalProperties": _text()}
CONNECTION = _object(
    **dict.fromkeys(("projectId", "network", "ipAddress", "forwardingRule", "serviceAttachment"), _text()),
    pscConnectionId=_text(),
    port=NUMBER,
    connectionType=_text("CONNECTION_TYPE_DISCOVERY", "CONNECTION_TYPE_PRIMARY", "CONNECTION_TYPE_READER"),
    pscConnectionStatus=_text("ACTIVE", "NOT_FOUND"),
)

SCHEMAS: Json = {
    "Instance": _object(
        **dict.fromkeys(("name", "createTime", "updateTime", "uid", "engineVersion", "kmsKey"), _text()),
        **dict.fromkeys(("maintenanceVersion", "effectiveMaintenanceVersion", "backupCollection"), _text()),
        **dict.fromkeys(("aclPolicy", "serverCaPool"), _text()),
        **dict.fromkeys(("replicaCount", "shardCount"), NUMBER),
        **dict.fromkeys(("deletionProtectionEnabled", "asyncInstanceEndpointsDeletionEnabled"), FLAG),
        **dict.fromkeys(("labels", "engineConfigs"), TEXTS),
        **dict.fromkeys(("crossInstanceReplicationConfig", "maintenancePolicy", "maintenanceSchedule"), ANY),
        **dict.fromkeys(("gcsSource", "managedBackupSource", "stateInfo", "encryptionInfo"), ANY),
        state=_text("CREATING", "ACTIVE", "UPDATING", "DELETING"),
        authorizationMode=_text("AUTH_DISABLED", "IAM_AUTH"),
        transitEncryptionMode=_text("TRANSIT_ENCRYPTION_DISABLED", "SERVER_AUTHENTICATION"),
        serverCaMode=_text("GOOGLE_MANAGED_PER_INSTANCE_CA", "GOOGLE_MANAGED_SHARED_CA", "CUSTOMER_MANAGED_CAS_CA"),
        mode=_text("CLUSTER", "CLUSTER_DISABLED", "STANDALONE"),
        nodeType=_text(
            *("SHARED_CORE_NANO", "CUSTOM_MICRO", "CUSTOM_MINI", "HIGHCPU_MEDIUM", "STANDARD_SMALL", "STANDARD_LARGE"),
            *("HIGHMEM_MEDIUM", "HIGHMEM_XLARGE", "HIGHMEM_2XLARGE"),
        ),
        nodeConfig=_object(sizeGb={"type": "number"}),
        zoneDistributionConfig=_object(mode=_text("MULTI_ZONE", "SINGLE_ZONE"), zone=_text()),
        persistenceConfig=_object(
            mode=_text("DISABLED", "RDB", "AOF"),
            rdbConfig=_object(
                rdbSnapshotPeriod=_text("ONE_HOUR", "SIX_HOURS", "TWELVE_HOURS", "TWENTY_FOUR_HOURS"),
                rdbSnapshotStartTime=_text(),
            ),
            aofConfig=_object(appendFsync=_text("NEVER", "EVERY_SEC", "ALWAYS")),
        ),
        automatedBackupConfig=_object(
            automatedBackupMode=_text("DISABLED", "ENABLED"),
            fixedFrequencySchedule=_object(startTime=ANY),
            retention=_text(),
        ),
        pscAutoConnections=_list(CONNECTION),
        discoveryEndpoints=_list(ANY),
        endpoints=_list(_object(connections=_list(_object(pscAutoConnection=CONNECTION, pscConnection=CONNECTION)))),
    ),
    "Operation": _object(),
    "CertificateAuthority": _object(),
}


def _method(action: str, verb: str, path: str, response: str, request: str | None = None, *query: str) -> Json:
    return {
        "id": f"memorystore.projects.locations.{action}",
        "httpMethod": verb,
        "path": path,
        "parameters": {name: {"location": "query", "type": "string"} for name in query},
        "response": {"$ref": response},
    } | ({"request": {"$ref": request}} if request else {})


MEMORYSTORE: Json = {
    "name": "memorystore",
    "rootUrl": "https://memorystore.googleapis.com/",
    "servicePath": "",
    "schemas": SCHEMAS,
    "methods": {
        str(at): method
        for at, method in enumerate(
            (
                _method("instances.create", "POST", INSTANCES, "Operation", "Instance", "instanceId", "requestId"),
                _method("instances.get", "GET", INSTANCE, "Instance"),
                _method("instances.patch", "PATCH", INSTANCE, "Operation", "Instance", "updateMask", "requestId"),
                _method("instances.delete", "DELETE", INSTANCE, "Operation", None, "requestId"),
                _method(
                    "instances.getCertificateAuthority",
                    "GET",
                    INSTANCE + "/certificateAuthority",
                    "CertificateAuthority",
                ),
                _method(
                    "operations.get",
                    "GET",
                    "v1/projects/{project}/locations/{location}/operations/{operation}",
                    "Operation",
                ),
            )
        )
    },
}
