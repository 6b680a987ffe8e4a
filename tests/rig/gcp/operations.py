"""What a change is answered with: the resource itself, nothing, or an operation, as the method's description says."""

from __future__ import annotations

from typing import Any

from rig.gcp.discovery import Api, Method
from rig.gcp.store import Store, now, number_of, operation_name, project_in

Json = dict[str, Any]

EMPTY = ("Empty", "GoogleProtobufEmpty", "")
OPERATIONS = ("Operation", "GoogleLongrunningOperation")
COMPUTE = "https://www.googleapis.com/compute/v1/"


def answer(store: Store, api: Api, method: Method, item: str, value: Json, *, error: str = "") -> Json:
    """Return the answer to a change of `item`; with `error`, an operation that ended with it."""
    if method.response in EMPTY or (method.verb == "DELETE" and method.response not in OPERATIONS):
        return {}
    if method.response not in OPERATIONS:
        return value
    make = {"compute": _compute, "sqladmin": _sql, "container": _container}.get(api.name, _long_running)
    found = make(store, api, method, item, value)
    if error:
        found |= {"error": {"code": 13, "message": error, "errors": [{"code": "INTERNAL_ERROR", "message": error}]}}
        found.pop("response", None)
    return store.operation(found["name"], found)


def finished(store: Store, prefix: str) -> Json:
    """Return an operation of an API that numbers them by itself, such as `operations/acat.1`."""
    name = f"operations/{prefix}.{store.next_number()}"
    value = {"name": name, "done": True, "response": {"@type": "type.googleapis.com/google.protobuf.Empty"}}
    return store.operation(name, value)


def _compute(store: Store, api: Api, method: Method, item: str, value: Json) -> Json:
    name = operation_name(store)
    found = {
        "kind": "compute#operation",
        "id": number_of(name),
        "name": name,
        "operationType": method.action,
        "targetLink": COMPUTE + item.removeprefix("/compute/v1/"),
        "targetId": number_of(item),
        "status": "DONE",
        "progress": 100,
        **dict.fromkeys(("insertTime", "startTime", "endTime"), now()),
    }
    words = item.strip("/").split("/")
    for scope in ("zone", "region"):
        if f"{scope}s" in words:
            found[scope] = COMPUTE + "/".join(words[2 : words.index(f"{scope}s") + 2])
    return found


def _sql(store: Store, api: Api, method: Method, item: str, value: Json) -> Json:
    return {
        "kind": "sql#operation",
        "name": operation_name(store),
        "status": "DONE",
        "operationType": method.action.upper(),
        "targetId": item.rsplit("/", 1)[-1],
        "targetProject": project_in(item),
    }


def _container(store: Store, api: Api, method: Method, item: str, value: Json) -> Json:
    words = item.strip("/").split("/")
    return {
        "name": operation_name(store),
        "status": "DONE",
        "operationType": method.action.upper(),
        "zone": words[words.index("locations") + 1],
        "selfLink": f"https://{api.host}{item}",
    }


def _long_running(store: Store, api: Api, method: Method, item: str, value: Json) -> Json:
    words = item.strip("/").split("/")
    place = "/".join(words[words.index("projects") : words.index("locations") + 2]) if "locations" in words else ""
    kind = "google.protobuf.Empty" if method.verb == "DELETE" else f"google.cloud.{api.name}.{method.action}"
    body = {} if method.verb == "DELETE" else value
    return {
        "name": f"{place}/operations/{operation_name(store)}".lstrip("/"),
        "done": True,
        "metadata": {},
        "response": {"@type": f"type.googleapis.com/{kind}"} | body,
    }
