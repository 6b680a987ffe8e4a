"""Methods that are neither create, get, list, change nor delete of one resource: what each of them does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rig.gcp.call import Call
from rig.gcp.in_use import check_loss
from rig.gcp.notifications import add_notification
from rig.gcp.operations import answer, finished
from rig.gcp.refusal import Refusal, invalid, missing
from rig.gcp.store import Store, now, project_in

Json = dict[str, Any]


def add_secret_version(call: Call) -> Json:
    """Add a version to a secret."""
    secret = call.path.removesuffix(":addVersion")
    value = call.store.get("secretmanager", secret)
    if not call.body.get("payload"):
        invalid("Field [payload] is required.")
    versions = [path for path, _ in call.store.below("secretmanager", f"{secret}/versions")]
    path = f"{secret}/versions/{len(versions) + 1}"
    call.store.hidden["secretmanager", path] = call.body["payload"]
    name = f"{value['name']}/versions/{len(versions) + 1}"
    return call.store.put("secretmanager", path, {"name": name, "state": "ENABLED", "createTime": now(), "etag": '"1"'})


def _version(call: Call) -> tuple[str, Json]:
    path = call.path.rsplit(":", 1)[0]
    if path.endswith("/latest"):
        versions = [path for path, _ in call.store.below("secretmanager", path.removesuffix("/latest"))]
        path = versions[-1] if versions else path
    return path, call.store.get("secretmanager", path)


def access_secret_version(call: Call) -> Json:
    """Read a secret's value."""
    path, value = _version(call)
    if value["state"] != "ENABLED":
        invalid(f"{value['name']} is in {value['state']} state.", "failedPrecondition")
    return {"name": value["name"], "payload": call.store.hidden["secretmanager", path]}


def set_secret_version(state: str) -> Callable[[Call], Json]:
    """Return what puts a version into a state."""

    def change(call: Call) -> Json:
        _, value = _version(call)
        value["state"] = state
        return value

    return change


def destroy_key_version(call: Call) -> Json:
    """Let a version of a key go in some weeks."""
    path = call.path.removesuffix(":destroy")
    value = call.store.get("cloudkms", path)
    check_loss(call.store, "cloudkms", path.split("/cryptoKeyVersions/")[0])
    value["state"] = "DESTROY_SCHEDULED"
    return value


def _enable(store: Store, project: str, names: list[str]) -> Json:
    for name in names:
        value = {"name": f"projects/{project}/services/{name}", "state": "ENABLED", "config": {"name": name}}
        store.put("serviceusage", f"/v1/projects/{project}/services/{name}", value)
    return finished(store, "acat")


def enable_service(call: Call) -> Json:
    """Enable an API of a project."""
    return _enable(call.store, project_in(call.path), [call.path.rsplit("/", 1)[-1].split(":")[0]])


def enable_services(call: Call) -> Json:
    """Enable several APIs of a project."""
    return _enable(call.store, project_in(call.path), call.body["serviceIds"])


def disable_service(call: Call) -> Json:
    """Disable an API of a project."""
    call.store.objects.pop(("serviceusage", call.path.split(":")[0]), None)
    return finished(call.store, "acat")


def change_records(call: Call) -> Json:
    """Delete and add records of a zone, all of them or none."""
    zone = call.path.removesuffix("/changes")
    domain = call.store.get("dns", zone)["dnsName"]

    def key(record: Json) -> str:
        return f"{zone}/rrsets/{record['name']}/{record['type']}"

    deleted = {key(record) for record in call.body.get("deletions", [])}
    for path in deleted:
        call.store.get("dns", path)
    for record in call.body.get("additions", []):
        if call.store.has("dns", key(record)) and key(record) not in deleted:
            text = (
                f"The resource 'entity.change.additions[0]' named '{record['name']} ({record['type']})' already exists"
            )
            raise Refusal(409, text, "alreadyExists")
        if not f".{record['name']}".endswith(f".{domain}"):
            invalid(f"Invalid value for 'entity.change.additions[0].name': '{record['name']}'")
    for path in deleted:
        del call.store.objects["dns", path]
    for record in call.body.get("additions", []):
        call.store.put("dns", key(record), record)
    number = str(call.store.next_number())
    change = call.body | {"id": number, "status": "done", "startTime": now(), "kind": "dns#change"}
    return call.store.put("dns", f"{call.path}/{number}", change)


def list_records(call: Call) -> Json:
    """List the records of a zone, by name and type where those are given."""
    found = [
        value
        for (api, path), value in call.store.objects.items()
        if api == "dns" and path.startswith(f"{call.path}/") and call.asked_for(value, "name", "type")
    ]
    return {"kind": "dns#resourceRecordSetsListResponse", "rrsets": found}


def connect_network(call: Call) -> Json:
    """Peer a network with the producers of Google's services."""
    ranges = call.body.get("reservedPeeringRanges")
    if not ranges:
        invalid("reservedPeeringRanges must be specified")
    for name in ranges:
        if not any(key.endswith(f"/global/addresses/{name}") for _, key in call.store.objects):
            missing(f"global/addresses/{name}")
    collection = call.path.split("/connections")[0] + "/connections"
    path = f"{collection}/{call.body['network'].replace('/', '_')}"
    if call.method.action == "create" and call.store.has("servicenetworking", path):
        # Cloud Foundation Toolkit's issue 4744: the producer remembers another range of the network.
        invalid(
            "Cannot modify allocated ranges in CreateConnection. Please use UpdateConnection.", "failedPrecondition"
        )
    project, network = project_in(f"/{call.body['network']}"), call.body["network"].rsplit("/", 1)[-1]
    links = [f"projects/{project}/global/addresses/{name}" for name in ranges]
    made = {"peering": "servicenetworking-googleapis-com", "service": "services/servicenetworking.googleapis.com"}
    call.store.put("servicenetworking", path, call.body | made)
    call.store.hidden["servicenetworking", path] = {"network": network, "ranges": links}
    return finished(call.store, "pssn")


def list_connections(call: Call) -> Json:
    """List the peerings of a network."""
    found = [
        value
        for (api, path), value in call.store.objects.items()
        if api == "servicenetworking" and "/connections/" in path and call.asked_for(value, "network")
    ]
    return {"connections": found}


def delete_connection(call: Call) -> Json:
    """End a peering, which no database may need."""
    network = call.body.get("consumerNetwork", "")
    for (api, path), value in call.store.objects.items():
        used = (
            value.get("settings", {}).get("ipConfiguration", {}).get("privateNetwork", "") if api == "sqladmin" else ""
        )
        if used and used.rsplit("/", 1)[-1] == network.rsplit("/", 1)[-1]:
            text = "Failed to delete connection; Producer services (e.g. CloudSQL) are still using this connection."
            invalid(f"{text} ({path})", "failedPrecondition")
    for key in [key for key, value in call.store.objects.items() if key[0] == "servicenetworking"]:
        if call.store.objects[key].get("network") == network:
            del call.store.objects[key]
    return finished(call.store, "pssn")


def _user(call: Call, name: str, host: str) -> str:
    return f"{call.path}/{name}@{host}"


def insert_user(call: Call) -> Json:
    """Make a user of a database."""
    instance = call.store.get("sqladmin", call.path.removesuffix("/users"))
    path = _user(call, call.body["name"], call.body.get("host", ""))
    if call.store.has("sqladmin", path):
        raise Refusal(409, f"User {call.body['name']} already exists", "alreadyExists")
    value = {key: item for key, item in call.body.items() if key != "password"}
    call.store.put("sqladmin", path, value | {"instance": instance["name"], "kind": "sql#user"})
    return answer(call.store, call.api, call.method, call.path, value)


def update_user(call: Call) -> Json:
    """Change a user of a database."""
    found = call.store.get("sqladmin", _user(call, call.query.get("name", ""), call.query.get("host", "")))
    found.update({key: item for key, item in call.body.items() if key != "password"})
    return answer(call.store, call.api, call.method, call.path, found)


def delete_user(call: Call) -> Json:
    """Delete a user of a database."""
    call.store.remove("sqladmin", _user(call, call.query.get("name", ""), call.query.get("host", "")))
    return answer(call.store, call.api, call.method, call.path, {})


def armor_rule(call: Call) -> Json:
    """Add, change or remove one rule of a policy, which its priority names."""
    path = call.path.rsplit("/", 1)[0]
    policy = call.store.get("compute", path)
    rules: list[Json] = policy.setdefault("rules", [])
    priority = int(call.query.get("priority", call.body.get("priority", 0)))
    old = next((rule for rule in rules if int(rule.get("priority", 0)) == priority), None)
    if call.method.action == "addRule":
        if old is not None:
            invalid(f"Cannot have rules with the same priorities. ({priority})")
        rules.append(call.body)
    elif old is None:
        invalid(f"The policy has no rule with priority {priority}")
    elif call.method.action == "removeRule":
        rules.remove(old)
    else:
        old.update(call.body)
    return answer(call.store, call.api, call.method, path, policy)


def name_ports(call: Call) -> Json:
    """Name the ports of an instance group: the manager that made it shows them, too."""
    path = call.path.removesuffix("/setNamedPorts")
    value = call.store.get("compute", path)
    manager = path.replace("/instanceGroups/", "/instanceGroupManagers/")
    for one in (value, call.store.get("compute", manager)):
        one["namedPorts"] = call.body.get("namedPorts", [])
    return answer(call.store, call.api, call.method, path, value)


SPECIAL: Mapping[str, Callable[[Call], Json]] = {
    "cloudkms.projects.locations.keyRings.cryptoKeys.cryptoKeyVersions.destroy": destroy_key_version,
    "compute.regionInstanceGroups.setNamedPorts": name_ports,
    "compute.securityPolicies.addRule": armor_rule,
    "compute.securityPolicies.patchRule": armor_rule,
    "compute.securityPolicies.removeRule": armor_rule,
    "dns.changes.create": change_records,
    "dns.resourceRecordSets.list": list_records,
    "secretmanager.projects.secrets.addVersion": add_secret_version,
    "secretmanager.projects.secrets.versions.access": access_secret_version,
    "secretmanager.projects.secrets.versions.destroy": set_secret_version("DESTROYED"),
    "secretmanager.projects.secrets.versions.disable": set_secret_version("DISABLED"),
    "secretmanager.projects.secrets.versions.enable": set_secret_version("ENABLED"),
    "servicenetworking.services.connections.create": connect_network,
    "servicenetworking.services.connections.deleteConnection": delete_connection,
    "servicenetworking.services.connections.list": list_connections,
    "servicenetworking.services.connections.patch": connect_network,
    "serviceusage.services.batchEnable": enable_services,
    "serviceusage.services.disable": disable_service,
    "serviceusage.services.enable": enable_service,
    "storage.notifications.insert": add_notification,
    "sql.users.delete": delete_user,
    "sql.users.insert": insert_user,
    "sql.users.update": update_user,
}
"""By a method's id: what it does."""
