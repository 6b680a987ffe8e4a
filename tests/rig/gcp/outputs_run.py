"""What Cloud Run and GKE add to a new resource."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rig.gcp.store import Store, number_of

Json = dict[str, Any]

READY = {"type": "Ready", "state": "CONDITION_SUCCEEDED"}
KEPT = frozenset(
    (
        *("conditions", "createTime", "creator", "etag", "executionCount", "generation", "lastModifier", "launchStage"),
        *("latestCreatedRevision", "latestReadyRevision", "name", "observedGeneration", "reconciling"),
        *("terminalCondition", "traffic", "trafficStatuses", "uid", "updateTime", "uri", "urls", "ingress"),
    )
)
"""What stays when a resource of Cloud Run is replaced by a patch without a mask."""


def _ready(store: Store, item: str, value: Json) -> None:
    value.update(terminalCondition=dict(READY), observedGeneration="1", reconciling=False)
    value.setdefault("launchStage", "GA")


def _service(store: Store, item: str, value: Json) -> None:
    _ready(store, item, value)
    name = item.rsplit("/", 1)[-1]
    revision = f"{value['name']}/revisions/{name}-00001"
    value.update(
        uri=f"https://{name}-{number_of(item)[:6]}-ew.a.run.app",
        urls=[f"https://{name}-{number_of(item)[:6]}-ew.a.run.app"],
        latestReadyRevision=revision,
        latestCreatedRevision=revision,
    )
    value.setdefault("ingress", "INGRESS_TRAFFIC_ALL")
    value.setdefault("traffic", [{"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 100}])


def _job(store: Store, item: str, value: Json) -> None:
    _ready(store, item, value)
    value["executionCount"] = 0


def _cluster(store: Store, item: str, value: Json) -> None:
    location = item.split("/")[5]
    network = value.setdefault("networkConfig", {})
    network.setdefault("network", value.get("network", ""))
    network.setdefault("subnetwork", value.get("subnetwork", ""))
    value.update(
        status="RUNNING",
        endpoint="34.9.9.9",
        location=location,
        currentMasterVersion="1.33.1-gke.100",
        masterAuth={"clusterCaCertificate": "Zm9v"},
        locations=[f"{location}-a"],
        servicesIpv4Cidr="10.8.0.0/20",
        clusterIpv4Cidr="10.4.0.0/14",
    )
    first = {"name": "default-pool", "config": {}, "initialNodeCount": 1}
    for pool in value.setdefault("nodePools", [first]):
        _pool(store, item, pool)
        store.put("container", f"{item}/nodePools/{pool['name']}", pool)


def _pool(store: Store, item: str, value: Json) -> None:
    value.update(status="RUNNING", version="1.33.1-gke.100", instanceGroupUrls=[])
    value.setdefault("config", {})


FILLS: Mapping[str, Callable[[Store, str, Json], None]] = {
    "Cluster": _cluster,
    "GoogleCloudRunV2Job": _job,
    "GoogleCloudRunV2Service": _service,
    "GoogleCloudRunV2WorkerPool": _ready,
    "NodePool": _pool,
}
