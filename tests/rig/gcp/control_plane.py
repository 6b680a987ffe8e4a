"""Google's control plane, faked: every request is looked up in Google's own descriptions, checked, and carried out.

Every change is done at once. What the descriptions do not know is refused, and so is what is there already, what is
missing, and what is in use. `break_next` lets a change end with an error after half of it was done.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from rig.gcp.call import Call
from rig.gcp.delivery import KEPT as KEPT_OF_JOBS
from rig.gcp.discovery import Api, Method, apis
from rig.gcp.in_use import check_deletion
from rig.gcp.lookups import LOOKUPS, project_number
from rig.gcp.masks import camel, change_masked, check_mask, clean, mask_paths, merge
from rig.gcp.masks import replace as replace_with
from rig.gcp.operations import answer
from rig.gcp.outputs import filled, settle
from rig.gcp.outputs_run import KEPT as KEPT_OF_RUN
from rig.gcp.policies import ACTIONS, answer_policy
from rig.gcp.refusal import Refusal, invalid, missing, unknown
from rig.gcp.request import Answered, Request
from rig.gcp.special import SPECIAL
from rig.gcp.store import Store, now, number_of, project_in

Json = dict[str, Any]

ALIASES = {"www.googleapis.com": "compute.googleapis.com", "storage-download.googleapis.com": "storage.googleapis.com"}
CREATING = ("create", "insert", "createAsync")
IDENTITY = frozenset(("creationTimestamp", "createTime", "id", "kind", "name", "region", "selfLink", "zone", "etag"))
"""What stays when a resource is replaced as a whole."""
UNMASKED = {"cloudscheduler": KEPT_OF_JOBS, "run": KEPT_OF_RUN}
"""APIs of which a patch without a mask replaces a resource, by what stays then."""
WRAPPED = {"pubsub.projects.topics.patch": "topic", "pubsub.projects.subscriptions.patch": "subscription"}
"""Methods whose body holds the resource and its update mask side by side."""
INNER = ("cluster", "nodePool", "serviceAccount", "role")
"""Fields of the bodies that wrap what they create."""


@dataclass
class ControlPlane:
    """One faked cloud: what exists, and what was asked."""

    store: Store = field(default_factory=Store)
    answered: list[Answered] = field(default_factory=list)
    broken: Counter[str] = field(default_factory=Counter)

    zones: tuple[str, ...] = ()
    """The domains for which every project has a public zone already, before anything is made."""
    seen: set[str] = field(default_factory=set)

    def _bring_zones(self, project: str) -> None:
        """Make the zones of a project that is heard of for the first time."""
        if project in self.seen:
            return
        self.seen.add(project)
        (dns,) = apis()["dns.googleapis.com"]
        for domain in self.zones:
            name = domain.replace(".", "-")
            body = {"name": name, "dnsName": f"{domain}.", "description": "", "visibility": "public"}
            filled(self.store, dns, f"/dns/v1/projects/{project}/managedZones/{name}", body)

    def break_next(self, method: str, times: int = 1) -> None:
        """Let the next calls of a method (`run.projects.locations.services.create`) fail when half of it is done.

        The resource is there, and the operation ends with an error: Terraform's provider takes it for tainted.
        """
        self.broken[method] += times

    def refused(self) -> list[Answered]:
        """Return the requests that were refused, but for those that only asked whether something is there."""
        return [one for one in self.answered if one.code >= 400 and not (one.code == 404 and one.verb == "GET")]

    def handle(self, request: Request) -> tuple[int, Json]:
        """Answer a request: HTTP code and body."""
        method, code, message = None, 200, ""
        try:
            if request.host == "openidconnect.googleapis.com":
                return 200, {"email": "test@example.com"}
            api, method = self._find(request)
            with self.store.lock:
                if api.name == "dns":
                    self._bring_zones(project_in(request.path))
                body = copy.deepcopy(self._carry_out(api, method, request))
        except Refusal as refusal:
            code, message, body = refusal.code, refusal.message, refusal.body()
        self.answered.append(Answered(method.id if method else "", request.verb, request.path, code, message))
        return code, body

    def _find(self, request: Request) -> tuple[Api, Method]:
        host = ALIASES.get(request.host, request.host)
        # A region's own host answers the same.
        host = re.sub(r"^[a-z]+-[a-z]+\d-(?=\w+\.googleapis\.com$)", "", host)
        if host not in apis():
            unknown(f"the host {host} is not faked")
        for api in apis()[host]:
            method = api.find(request.verb, request.path)
            if method is not None:
                return api, method
        return unknown(f"no method for {request.verb} https://{host}{request.path} in the discovery documents")

    def _carry_out(self, api: Api, method: Method, request: Request) -> Json:
        query = {camel(name): value for name, value in request.query.items()}
        body = request.body or {}
        if request.body is not None and request.verb != "DELETE":
            api.check_body(method, body)
        body = clean(copy.deepcopy(body), nulls=request.verb == "PATCH")
        inner = WRAPPED.get(method.id)
        if inner is None:
            api.check_query(method, query)
        elif inner in body:
            # The provider sends the mask beside the body, where the description has no place for it; Google heeds it.
            query, body = {"updateMask": body.get("updateMask", query.get("updateMask", ""))}, body[inner]
        call = Call(self.store, api, method, _canonical(request.path), query, body)
        return self._way_of(method)(call)

    def _way_of(self, method: Method) -> Callable[[Call], Json]:
        """Return what carries a method out."""
        if method.action in ACTIONS:
            return answer_policy
        if method.id in SPECIAL:
            return SPECIAL[method.id]
        if "operations.get" in method.id.lower() or method.id.lower().endswith("operations.wait"):
            return self._operation
        if method.action in CREATING or (method.verb == "PUT" and method.id.startswith("pubsub.")):
            return self._create
        by_verb = {"GET": self._get, "DELETE": self._delete, "PATCH": self._change, "PUT": self._change}
        return by_verb.get(method.verb, self._act)

    def _operation(self, call: Call) -> Json:
        name = call.path.removesuffix("/wait").removesuffix(":wait").rsplit("/", 1)[-1]
        return self.store.operations.get(name) or missing(call.path)

    def _get(self, call: Call) -> Json:
        found = self.store.objects.get((call.api.name, call.path))
        if found is not None:
            return found
        if call.method.id in LOOKUPS:
            return LOOKUPS[call.method.id](call.path)
        fields = call.api.properties(call.method.response)
        lists = [name for name, item in fields.items() if "$ref" in item.get("items", {}) and name != "unreachable"]
        if call.method.action in ("list", "search", "aggregatedList") and lists:
            members = [value for _, value in self.store.below(call.api.name, call.path)]
            return {lists[0]: members} | ({"kind": kind} if (kind := fields.get("kind", {}).get("default")) else {})
        return missing(call.path)

    def _delete(self, call: Call) -> Json:
        check_deletion(self.store, call.api.name, call.path)
        old = self.store.remove(call.api.name, call.path)
        return answer(self.store, call.api, call.method, call.path, old)

    def _create(self, call: Call) -> Json:
        name, body = _named(call)
        item = call.path if call.method.verb == "PUT" else f"{call.path.removesuffix(':createAsync')}/{name}"
        key = (call.api.name, item)
        if key in self.store.objects:
            raise Refusal(409, f"The resource '{item}' already exists", "alreadyExists")
        if key in self.store.burnt:
            raise Refusal(409, f"The resource '{item}' was deleted, and its name is not free again", "alreadyExists")
        if project := call.query.get("project"):
            # A bucket's path has no project.
            body = body | {"projectNumber": project_number(project)}
        try:
            value = filled(self.store, call.api, item, body)
        except Refusal:
            self.store.objects.pop(key, None)
            raise
        return answer(self.store, call.api, call.method, item, value, error=self._break(call.method, value))

    def _break(self, method: Method, value: Json) -> str:
        if not self.broken[method.id]:
            return ""
        self.broken[method.id] -= 1
        if "terminalCondition" in value:
            value["terminalCondition"] = {"type": "Ready", "state": "CONDITION_FAILED", "message": "did not start"}
        if "operation" not in method.response.lower():
            raise Refusal(500, f"{method.id} was to fail", "internalError")
        return f"{method.id} was to fail when half of it was done"

    def _change(self, call: Call) -> Json:
        call = replace(call, path=call.item)
        value = self.store.get(call.api.name, call.path)
        before = copy.deepcopy(value)
        try:
            self._take(call, value)
        except Refusal:
            value.clear()
            value.update(before)
            raise
        return answer(self.store, call.api, call.method, call.path, value, error=self._break(call.method, value))

    def _take(self, call: Call, value: Json) -> None:
        """Change a resource as a call says."""
        mask = mask_paths(call.query.get("updateMask", ""))
        if mask and mask != ["*"] and call.method.verb == "PATCH":
            check_mask(call.api, call.api.schema_of(call.path), mask)
            change_masked(value, call.body, mask)
        elif call.api.name in UNMASKED:
            replace_with(value, clean(call.body), UNMASKED[call.api.name])
        elif call.api.name == "sqladmin":
            kept = {name: value["settings"][name] for name in ("settingsVersion", "kind") if "settings" in value}
            value.update(call.body | ({"settings": kept | call.body["settings"]} if "settings" in call.body else {}))
        elif call.method.verb == "PUT":
            replace_with(value, call.body, IDENTITY)
        else:
            merge(value, call.body)
        if "updateTime" in value:
            value["updateTime"] = now()
        if value.get("terminalCondition", {}).get("state") == "CONDITION_FAILED":
            value["terminalCondition"] = {"type": "Ready", "state": "CONDITION_SUCCEEDED"}
        settle(self.store, call.api, call.path, value)

    def _act(self, call: Call) -> Json:
        """A verb of its own such as `setLabels`: what it is given becomes part of the resource."""
        path = re.sub(r"[/:]\w+$", "", call.path)
        if not self.store.has(call.api.name, path):
            # Some of Compute Engine's, such as setUrlMap, leave out where the resource is: it is a global one.
            path = re.sub(r"(?<=/projects/)([^/]+)/(?!global/)", r"\1/global/", path)
        value = self.store.objects.get((call.api.name, path))
        if value is None:
            missing(call.path)
        merge(value, {name: item for name, item in call.body.items() if not name.endswith("ingerprint")})
        return answer(self.store, call.api, call.method, path, value)


def _canonical(path: str) -> str:
    """Return the path of a service account with its project, which may be left open."""
    found = re.match(r"/v1/projects/-/serviceAccounts/[^/:@]+@([^.]+)\.iam", path)
    return path.replace("/projects/-/", f"/projects/{found[1]}/") if found else path


def _named(call: Call) -> tuple[str, Json]:
    """Return the name that a request gives to what it makes, and the resource in its body."""
    for parameter, value in call.query.items():
        if parameter.endswith("Id") and parameter != "requestId":
            return value, call.body
    for name in INNER:
        inner = call.body.get(name)
        if isinstance(inner, dict) and str(call.method.request).startswith("Create"):
            given = inner.get("name") or call.body.get("roleId")
            if account := call.body.get("accountId"):
                given = f"{account}@{call.path.split('/')[3]}.iam.gserviceaccount.com"
            return str(given), inner
    if said := call.body.get("name"):
        return str(said).rsplit("/", 1)[-1], call.body
    if call.api.name == "compute":
        invalid("Invalid value for field 'resource.name': ''.", "required")
    return number_of(f"{call.path}{call.store.next_number()}"), call.body


def request_of(host: str, verb: str, path: str, query: Json, body: Json | None) -> Request:
    """Return a request without the parameters that only shape an answer."""
    shaping = ("alt", "$alt", "prettyPrint", "fields", "uploadType", "key", "quotaUser")
    asked = {name: value for name, value in query.items() if name not in shaping}
    return replace(Request(host, verb, path, asked), body=body)
