"""The fake of Google's control plane is strict: what Google would refuse, it refuses, and says why."""

from __future__ import annotations

import json
import ssl
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from rig.gcp.client import GLOBAL, LOCATION, NETWORK, PROJECT, Client
from rig.gcp.discovery import apis
from rig.gcp.running import running

Json = dict[str, Any]


@pytest.fixture
def google() -> Client:
    return Client()


def test_every_api_is_described() -> None:
    assert len(apis()) >= 20
    assert sum(len(api.methods) for found in apis().values() for api in found) > 2000


def test_what_is_made_is_there_until_it_is_deleted(google: Client) -> None:
    google.ask("GET", "compute", f"{GLOBAL}/networks/main", expect=404)
    operation = google.ask("POST", "compute", f"{GLOBAL}/networks", NETWORK)
    assert google.ask("GET", "compute", f"{GLOBAL}/operations/{operation['name']}")["status"] == "DONE"
    assert google.ask("GET", "compute", f"{GLOBAL}/networks/main")["selfLink"].endswith("/global/networks/main")
    assert "already exists" in google.ask("POST", "compute", f"{GLOBAL}/networks", NETWORK, expect=409)
    google.ask("DELETE", "compute", f"{GLOBAL}/networks/main")
    google.ask("DELETE", "compute", f"{GLOBAL}/networks/main", expect=404)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({**NETWORK, "autoCreate": False}, 'Unknown name "autoCreate"'),
        ({**NETWORK, "autoCreateSubnetworks": "no"}, "TYPE_BOOL"),
        ({**NETWORK, "mtu": "large"}, "TYPE_INT32"),
        ({**NETWORK, "description": ["x"]}, "TYPE_STRING"),
        ({**NETWORK, "routingConfig": {"routingMode": "LOCAL"}}, "Must be one of"),
        ({**NETWORK, "subnetworks": "x"}, "expected an array"),
        ({**NETWORK, "routingConfig": "x"}, "expected an object"),
        ({"autoCreateSubnetworks": False}, "Network.name"),
    ],
)
def test_a_body_that_does_not_fit_googles_schema_is_refused(google: Client, body: Json, told: str) -> None:
    assert told in google.ask("POST", "compute", f"{GLOBAL}/networks", body, expect=400)


def test_a_required_field_is_asked_for(google: Client) -> None:
    assert "Required" in google.ask("POST", "compute", f"{GLOBAL}/firewalls", {"priority": 1}, expect=400)


def test_routes_and_parameters_that_google_does_not_describe_are_refused(google: Client) -> None:
    google.ask("GET", "compute", f"{GLOBAL}/netwerks", expect=501)
    google.ask("GET", "unheard-of", "/v1/x", expect=501)
    assert "Cannot bind" in google.ask("POST", "compute", f"{GLOBAL}/networks", NETWORK, expect=400, force="true")
    assert "TYPE_BOOL" in google.ask(
        "POST", "run", f"/v2/{LOCATION}/services", {}, expect=400, serviceId="web", validateOnly="maybe"
    )


def test_a_mask_names_exactly_what_changes(google: Client) -> None:
    path = f"/v1/{PROJECT}/secrets"
    google.ask("POST", "secretmanager", path, {"replication": {"automatic": {}}, "labels": {"a": "1"}}, secretId="key")
    google.ask("PATCH", "secretmanager", f"{path}/key", {"labels": {"b": "2"}}, updateMask="annotations")
    assert google.ask("GET", "secretmanager", f"{path}/key")["labels"] == {"a": "1"}
    google.ask("PATCH", "secretmanager", f"{path}/key", {}, updateMask="labels")
    assert "labels" not in google.ask("GET", "secretmanager", f"{path}/key")
    told = google.ask("PATCH", "secretmanager", f"{path}/key", {}, expect=400, updateMask="colour")
    assert "no field colour" in told


def test_a_null_removes_and_a_mask_beside_a_wrapped_body_is_heeded(google: Client) -> None:
    google.ask("POST", "storage", "/storage/v1/b", {"name": "b", "encryption": {"defaultKmsKeyName": "k"}}, project="p")
    google.ask("PATCH", "storage", "/storage/v1/b/b", {"encryption": None})
    assert "encryption" not in google.ask("GET", "storage", "/storage/v1/b/b")
    path = f"/v1/{PROJECT}/topics/jobs"
    google.ask("PUT", "pubsub", path, {"kmsKeyName": "k", "labels": {"a": "1"}})
    google.ask("PATCH", "pubsub", path, {"topic": {"labels": {"a": "2"}}}, updateMask="kmsKeyName,labels")
    found = google.ask("GET", "pubsub", path)
    assert (found["labels"], "kmsKeyName" in found) == ({"a": "2"}, False)


def test_a_change_of_a_firewall_rule_names_no_rule(google: Client) -> None:
    google.network()
    google.ask("POST", "compute", f"{GLOBAL}/firewalls", {"name": "in", "network": f"{PROJECT}/global/networks/main"})
    google.ask("PATCH", "compute", f"{GLOBAL}/firewalls/in", {"priority": 7})
    assert google.ask("GET", "compute", f"{GLOBAL}/firewalls/in")["priority"] == 7


def test_a_change_of_an_autoscaler_names_it_in_the_query(google: Client) -> None:
    path = f"/compute/v1/{PROJECT}/regions/europe-west1/autoscalers"
    policy = {"minNumReplicas": 1, "maxNumReplicas": 2}
    for name in ("one", "two"):
        google.ask("POST", "compute", path, {"name": name, "autoscalingPolicy": policy})
    google.ask("PUT", "compute", path, {"autoscalingPolicy": policy | {"maxNumReplicas": 8}}, autoscaler="two")
    found = [google.ask("GET", "compute", f"{path}/{name}")["autoscalingPolicy"] for name in ("one", "two")]
    assert [policy["maxNumReplicas"] for policy in found] == [2, 8]
    google.ask("PUT", "compute", path, {"autoscalingPolicy": policy}, expect=404, autoscaler="three")


def test_ports_are_named_on_the_group_and_seen_at_its_manager(google: Client) -> None:
    region = f"/compute/v1/{PROJECT}/regions/europe-west1"
    google.ask("POST", "compute", f"{region}/instanceGroupManagers", {"name": "web", "targetSize": 1})
    ports = [{"name": "http", "port": 9000}]
    google.ask("POST", "compute", f"{region}/instanceGroups/web/setNamedPorts", {"namedPorts": ports})
    for kind in ("instanceGroups", "instanceGroupManagers"):
        assert google.ask("GET", "compute", f"{region}/{kind}/web")["namedPorts"] == ports


def test_a_verb_may_leave_out_that_a_resource_is_global(google: Client) -> None:
    for name in ("one", "two"):
        google.ask("POST", "compute", f"{GLOBAL}/urlMaps", {"name": name})
    google.ask(
        "POST", "compute", f"{GLOBAL}/targetHttpProxies", {"name": "p", "urlMap": f"{PROJECT}/global/urlMaps/one"}
    )
    verb = f"/compute/v1/{PROJECT}/targetHttpProxies/p/setUrlMap"
    google.ask("POST", "compute", verb, {"urlMap": f"{PROJECT}/global/urlMaps/two"})
    assert google.ask("GET", "compute", f"{GLOBAL}/targetHttpProxies/p")["urlMap"].endswith("/two")
    google.ask("POST", "compute", verb.replace("/p/", "/q/"), {"urlMap": f"{PROJECT}/global/urlMaps/two"}, expect=404)


def test_a_store_is_put_back_as_often_as_wanted(google: Client) -> None:
    google.network()
    kept = google.plane.store.kept()
    for _ in range(2):
        google.ask("DELETE", "compute", f"{GLOBAL}/networks/main")
        google.plane.store.put_back(kept)
        google.ask("GET", "compute", f"{GLOBAL}/networks/main")


def test_a_patch_of_cloud_run_without_a_mask_replaces(google: Client) -> None:
    google.service()
    path = f"/v2/{LOCATION}/services/web"
    google.ask("PATCH", "run", path, {"labels": {"a": "1"}})
    found = google.ask("GET", "run", path)
    assert "template" not in found
    assert found["uri"].startswith("https://web-")


def test_nulls_in_lists_are_dropped(google: Client) -> None:
    google.network()
    body = {"name": "in", "network": f"{PROJECT}/global/networks/main", "sourceRanges": ["10.0.0.0/8", None]}
    google.ask("POST", "compute", f"{GLOBAL}/firewalls", body)
    assert google.ask("GET", "compute", f"{GLOBAL}/firewalls/in")["sourceRanges"] == ["10.0.0.0/8"]


def test_what_is_in_use_stays(google: Client) -> None:
    google.network()
    google.ask("POST", "compute", f"{GLOBAL}/networks", {**NETWORK, "name": "main-2"})
    google.ask("POST", "compute", f"{GLOBAL}/firewalls", {"name": "in", "network": f"{PROJECT}/global/networks/main"})
    told = google.ask("DELETE", "compute", f"{GLOBAL}/networks/main", expect=400)
    assert "already being used by 'projects/acme-shop/global/firewalls/in'" in told
    google.ask("DELETE", "compute", f"{GLOBAL}/networks/main-2")
    google.ask("DELETE", "compute", f"{GLOBAL}/firewalls/in")
    google.ask("DELETE", "compute", f"{GLOBAL}/networks/main")


def test_a_channel_and_an_uptime_check_stay_while_a_policy_names_them(google: Client) -> None:
    channel = google.ask("POST", "monitoring", f"/v3/{PROJECT}/notificationChannels", {"type": "email"})["name"]
    check = google.ask("POST", "monitoring", f"/v3/{PROJECT}/uptimeCheckConfigs", {"displayName": "web"})["name"]
    condition = {"conditionThreshold": {"filter": f'metric.labels.check_id="{check.rsplit("/", 1)[-1]}"'}}
    policy = google.ask(
        *("POST", "monitoring", f"/v3/{PROJECT}/alertPolicies"),
        {"conditions": [condition], "notificationChannels": [channel]},
    )["name"]
    assert "already being used" in google.ask("DELETE", "monitoring", f"/v3/{channel}", expect=400)
    assert "used in alert policy" in google.ask("DELETE", "monitoring", f"/v3/{check}", expect=400)
    google.ask("DELETE", "monitoring", f"/v3/{policy}")
    google.ask("DELETE", "monitoring", f"/v3/{channel}")
    google.ask("DELETE", "monitoring", f"/v3/{check}")


def test_a_key_stays_while_data_needs_it_and_its_name_for_ever(google: Client) -> None:
    ring, key = f"/v1/{LOCATION}/keyRings", f"/v1/{LOCATION}/keyRings/shop/cryptoKeys"
    google.ask("POST", "cloudkms", ring, {}, keyRingId="shop")
    google.ask("POST", "cloudkms", key, {"purpose": "ENCRYPT_DECRYPT"}, cryptoKeyId="data")
    topic = f"/v1/{PROJECT}/topics/orders"
    google.ask("PUT", "pubsub", topic, {"kmsKeyName": f"{key}/data".removeprefix("/v1/")})
    destroy = f"{key}/data/cryptoKeyVersions/1:destroy"
    assert "topics/orders (pubsub) still needs it" in google.ask("POST", "cloudkms", destroy, {}, expect=400)
    google.ask("DELETE", "pubsub", topic)
    assert google.ask("POST", "cloudkms", destroy, {})["state"] == "DESTROY_SCHEDULED"
    google.ask("POST", "cloudkms", key, {"purpose": "ENCRYPT_DECRYPT"}, expect=409, cryptoKeyId="data")


def test_a_repository_stays_while_a_service_runs_one_of_its_images(google: Client) -> None:
    path = f"/v1/{LOCATION}/repositories"
    for name in ("shop", "sho"):
        google.ask("POST", "artifactregistry", path, {"format": "DOCKER"}, repositoryId=name)
    google.service()
    assert "services/web (run) still needs it" in google.ask("DELETE", "artifactregistry", f"{path}/shop", expect=400)
    google.ask("DELETE", "artifactregistry", f"{path}/sho")
    google.ask("DELETE", "run", f"/v2/{LOCATION}/services/web")
    google.ask("DELETE", "artifactregistry", f"{path}/shop")


def test_a_zone_with_records_stays_and_a_record_is_made_once(google: Client) -> None:
    zone = f"/dns/v1/{PROJECT}/managedZones/example-com"
    record = {"name": "shop.example.com.", "type": "A", "ttl": 300, "rrdatas": ["34.1.2.3"]}
    google.ask("POST", "dns", f"{zone}/changes", {"additions": [record]})
    assert "already exists" in google.ask("POST", "dns", f"{zone}/changes", {"additions": [record]}, expect=409)
    other = {"additions": [{**record, "name": "shop.example.org."}]}
    assert "Invalid value" in google.ask("POST", "dns", f"{zone}/changes", other, expect=400)
    assert "contains one or more" in google.ask("DELETE", "dns", zone, expect=400)
    google.ask("POST", "dns", f"{zone}/changes", {"deletions": [record]})
    google.ask("DELETE", "dns", zone)


def test_a_database_wants_a_peering_keeps_it_and_burns_its_name(google: Client) -> None:
    google.network()
    network = f"{PROJECT}/global/networks/main"
    instances = f"/sql/v1beta4/{PROJECT}/instances"
    body = {"name": "orders", "settings": {"ipConfiguration": {"privateNetwork": network}}}
    assert "private services connection" in google.ask("POST", "sqladmin", instances, body, expect=400)
    google.ask("POST", "compute", f"{GLOBAL}/addresses", {"name": "services", "addressType": "INTERNAL"})
    connections = "/v1/services/servicenetworking.googleapis.com/connections"
    google.ask("POST", "servicenetworking", connections, {"network": network, "reservedPeeringRanges": ["services"]})
    google.ask("POST", "sqladmin", instances, body)
    end = f"{connections}/servicenetworking-googleapis-com"
    told = google.ask("POST", "servicenetworking", end, {"consumerNetwork": network}, expect=400)
    assert "still using this connection" in told
    google.ask("DELETE", "sqladmin", f"{instances}/orders")
    assert "not free again" in google.ask("POST", "sqladmin", instances, body, expect=409)


def test_a_database_that_is_protected_stays(google: Client) -> None:
    instances = f"/sql/v1beta4/{PROJECT}/instances"
    google.ask("POST", "sqladmin", instances, {"name": "orders", "settings": {"deletionProtectionEnabled": True}})
    assert "protected" in google.ask("DELETE", "sqladmin", f"{instances}/orders", expect=400)


def test_a_secret_has_a_value_or_no_version(google: Client) -> None:
    path = f"/v1/{PROJECT}/secrets"
    google.ask("POST", "secretmanager", path, {"replication": {"automatic": {}}}, secretId="key")
    assert "[payload] is required" in google.ask("POST", "secretmanager", f"{path}/key:addVersion", {}, expect=400)
    google.ask("POST", "secretmanager", f"{path}/key:addVersion", {"payload": {"data": "YQ=="}})
    found = google.ask("GET", "secretmanager", f"{path}/key/versions/latest:access")
    assert found["payload"] == {"data": "YQ=="}
    assert "payload" not in google.ask("GET", "secretmanager", f"{path}/key/versions/1")


def test_a_grant_to_an_account_that_does_not_exist_is_refused(google: Client) -> None:
    def grant(member: str, expect: int = 200) -> Any:
        return google.grant("cloudresourcemanager", f"/v1/{PROJECT}", "roles/viewer", member, expect)

    google.account("web")
    grant("serviceAccount:web@acme-shop.iam.gserviceaccount.com")
    assert "does not exist" in grant("serviceAccount:job@acme-shop.iam.gserviceaccount.com", expect=400)
    assert "Invalid member" in grant("web", expect=400)


def test_two_writers_of_one_policy_are_noticed(google: Client) -> None:
    path = "/v1/projects/acme-shop:setIamPolicy"
    google.ask("POST", "cloudresourcemanager", path, {"policy": {"bindings": [], "etag": "ACAB"}})
    told = google.ask("POST", "cloudresourcemanager", path, {"policy": {"bindings": [], "etag": "ACAB"}}, expect=409)
    assert "concurrent" in told


def test_a_firewall_policy_has_one_rule_of_a_priority(google: Client) -> None:
    path = f"{GLOBAL}/securityPolicies"
    rule = {"priority": 1000, "action": "allow"}
    google.ask("POST", "compute", path, {"name": "web", "rules": []})
    google.ask("POST", "compute", f"{path}/web/addRule", rule)
    assert "same priorities" in google.ask("POST", "compute", f"{path}/web/addRule", rule, expect=400)
    google.ask("POST", "compute", f"{path}/web/removeRule", priority="1000")
    assert google.ask("GET", "compute", f"{path}/web")["rules"] == []


def test_a_create_can_fail_when_half_of_it_is_done(google: Client) -> None:
    google.plane.break_next("run.projects.locations.services.create")
    body: Json = {"template": {}}
    operation = google.ask("POST", "run", f"/v2/{LOCATION}/services", body, serviceId="web")
    assert "half" in operation["error"]["message"]
    found = google.ask("GET", "run", f"/v2/{LOCATION}/services/web")
    assert found["terminalCondition"]["state"] == "CONDITION_FAILED"
    google.ask("PATCH", "run", f"/v2/{LOCATION}/services/web", body)
    found = google.ask("GET", "run", f"/v2/{LOCATION}/services/web")
    assert found["terminalCondition"]["state"] == "CONDITION_SUCCEEDED"


def test_what_was_refused_is_remembered(google: Client) -> None:
    google.ask("GET", "compute", f"{GLOBAL}/networks/main", expect=404)
    google.ask("POST", "compute", f"{GLOBAL}/networks", {}, expect=400)
    assert [(one.method, one.code) for one in google.plane.refused()] == [("compute.networks.insert", 400)]


def test_a_program_reaches_it_by_its_environment_only(tmp_path: Path) -> None:
    with running(tmp_path, ["example.com"]) as google:
        context = ssl.create_default_context(cafile=google.environment["SSL_CERT_FILE"])
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({"https": google.environment["HTTPS_PROXY"]}),
            urllib.request.HTTPSHandler(context=context),
        )
        with opener.open(f"https://dns.googleapis.com/dns/v1/{PROJECT}/managedZones", timeout=10) as answer:
            zones = json.load(answer)["managedZones"]
        assert [zone["dnsName"] for zone in zones] == ["example.com."]
