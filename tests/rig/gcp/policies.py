"""IAM policies of resources: read, and replaced as a whole, with the members' existence checked."""

from __future__ import annotations

import json
import re
from typing import Any

from rig.gcp.call import Call
from rig.gcp.refusal import Refusal, invalid
from rig.gcp.store import Store, number_of

Json = dict[str, Any]

ACTIONS = ("getIamPolicy", "setIamPolicy", "testIamPermissions")
MEMBER = re.compile(
    r"(user|serviceAccount|group|domain|principal|principalSet|deleted):.+"
    r"|allUsers|allAuthenticatedUsers|project(Owner|Editor|Viewer):.+"
)
OWN_ACCOUNT = re.compile(r"serviceAccount:(?P<email>[^@]+@(?P<project>[^.]+)\.iam\.gserviceaccount\.com)")


def answer_policy(call: Call) -> Json:
    """Answer one of the three methods. Raises `Refusal` for a resource or a member that is not there."""
    store, api, method, path, body = call.store, call.api, call.method, call.path, call.body
    resource = re.sub(rf"([:/]{method.action}|/iam(/testPermissions)?)$", "", path)
    if "/projects/" in resource and resource.rsplit("/", 2)[-2] != "projects":
        store.get(api.name, resource)
    if method.action == "testIamPermissions":
        return {"permissions": body.get("permissions", [])}
    key = (api.name, resource)
    old = store.policies.get(key, {"version": 1, "etag": "ACAB", "bindings": []})
    if method.action == "setIamPolicy":
        new = dict(body if api.name == "storage" else body.get("policy", {}))
        if new.get("etag") not in (None, old["etag"]):
            raise Refusal(409, "There were concurrent policy changes. Please retry with the newest etag.", "aborted")
        _check(store, old, new)
        new["etag"] = "BwX" + number_of(json.dumps(new, sort_keys=True) + old["etag"])[:9]
        store.policies[key] = new
        return new
    return old


def _members(policy: Json) -> set[str]:
    return {member for binding in policy.get("bindings", []) for member in binding.get("members", [])}


def _check(store: Store, old: Json, new: Json) -> None:
    accounts = {value["email"] for (api, path), value in store.objects.items() if "/serviceAccounts/" in path}
    projects = {email.split("@")[1].split(".")[0] for email in accounts}
    for member in sorted(_members(new) - _members(old)):
        if not MEMBER.fullmatch(member):
            invalid(f"Invalid member: {member}")
        own = OWN_ACCOUNT.fullmatch(member)
        if own and own["project"] in projects and own["email"] not in accounts:
            invalid(f"Service account {own['email']} does not exist.")
