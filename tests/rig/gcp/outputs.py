"""What Google adds to a resource that is made: the fields that are only in its answers, and defaults of the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rig.gcp import outputs_compute, outputs_data, outputs_run
from rig.gcp.delivery import SETTLED
from rig.gcp.discovery import Api
from rig.gcp.store import Store, now, number_of, project_in, tail

Json = dict[str, Any]
Fill = Callable[[Store, str, Json], None]

FILLS: Mapping[str, Fill] = {**outputs_compute.FILLS, **outputs_data.FILLS, **outputs_run.FILLS}
"""By the name of a schema: what is special about it."""

NAMED_SHORT = ("compute", "container", "dns", "sqladmin", "storage")
"""APIs whose `name` is the last word of a resource's path, and not the whole path."""
SHORT_SCHEMAS = ("LogSink", "LogExclusion", "LogMetric")


def filled(store: Store, api: Api, item: str, body: Json) -> Json:
    """Return a new resource as its API answers with it, and store it with what comes into being along with it."""
    schema, value = api.schema_of(item), dict(body)
    fields = api.properties(schema)
    for name, given in _given(api, item).items():
        if name in fields and name not in value:
            value[name] = given
    if "default" in fields.get("kind", {}):
        value.setdefault("kind", fields["kind"]["default"])
    if "name" in fields:
        short = api.name in NAMED_SHORT or schema in SHORT_SCHEMAS
        value["name"] = item.rsplit("/", 1)[-1] if short else tail(item)
    words = item.strip("/").split("/")
    for scope in ("region", "zone"):
        if api.name == "compute" and f"{scope}s" in words and scope in fields:
            path = "/".join(words[2 : words.index(f"{scope}s") + 2])
            value[scope] = f"https://www.googleapis.com/compute/v1/{path}"
    store.put(api.name, item, value)
    fill = FILLS.get(schema if api.name != "memorystore" else "Memorystore")
    if fill is not None:
        fill(store, item, value)
    settle(store, api, item, value)
    return value


def settle(store: Store, api: Api, item: str, value: Json) -> None:
    """Check a resource that was made or changed as a whole, and add what it has then. Raises `Refusal`."""
    if (settled := SETTLED.get(api.schema_of(item))) is not None:
        settled(store, item, value)


def _given(api: Api, item: str) -> Json:
    """Return what many schemas have, under the names that they have it by."""
    number = number_of(item)
    times = ("creationTimestamp", "timeCreated", "updated", "createTime", "updateTime", "creationTime")
    # The answers of Compute Engine name its resources by the older host.
    host = "www.googleapis.com" if api.name == "compute" else api.host
    return {
        **dict.fromkeys(times, now()),
        **dict.fromkeys(("fingerprint", "labelFingerprint"), "Zm9v"),
        "id": number,
        "uid": number,
        "uniqueId": number,
        "selfLink": f"https://{host}{item}",
        "etag": "CAE=",
        "generation": "1",
        "metageneration": "1",
        "project": project_in(item),
    }
