"""IAM policies of resources: read, and replaced as a whole, with the members' existence checked."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any

from rig.gcp.call import Call
from rig.gcp.refusal import Refusal, invalid
from rig.gcp.store import Key, Store, number_of

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


def unknown_account(store: Store, email: str) -> bool:
    """Whether an account is of a project that is seen here, and is not there."""
    accounts = {value["email"] for (_, path), value in store.objects.items() if "/serviceAccounts/" in path}
    projects = {account.split("@")[1].split(".")[0] for account in accounts}
    own = OWN_ACCOUNT.fullmatch(f"serviceAccount:{email}")
    return own is not None and own["project"] in projects and email not in accounts


def may(store: Store, resource: Key, member: str, roles: Collection[str]) -> bool:
    """Whether a resource's own policy gives a member one of some roles, under no condition."""
    bindings = store.policies.get(resource, {}).get("bindings", [])
    return any(
        binding["role"] in roles and member in binding.get("members", []) and "condition" not in binding
        for binding in bindings
    )


def _members(policy: Json) -> set[str]:
    return {member for binding in policy.get("bindings", []) for member in binding.get("members", [])}


def _check(store: Store, old: Json, new: Json) -> None:
    for member in sorted(_members(new) - _members(old)):
        if not MEMBER.fullmatch(member):
            invalid(f"Invalid member: {member}")
        if unknown_account(store, email := member.removeprefix("serviceAccount:")):
            invalid(f"Service account {email} does not exist.")
