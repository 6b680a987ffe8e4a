"""A client of the fake for tests: it asks as hashicorp/google does, without a process, a proxy or certificates."""

from __future__ import annotations

from typing import Any

from rig.gcp.control_plane import ControlPlane, request_of

Json = dict[str, Any]

PROJECT = "projects/acme-shop"
GLOBAL = f"/compute/v1/{PROJECT}/global"
LOCATION = f"{PROJECT}/locations/europe-west1"
NETWORK: Json = {"name": "main", "autoCreateSubnetworks": False}


class Client:
    """Asks a control plane of its own, whose project has the zone example.com."""

    def __init__(self) -> None:
        self.plane = ControlPlane(zones=("example.com",))

    def ask(self, verb: str, api: str, path: str, body: Json | None = None, expect: int = 200, **query: str) -> Any:
        """Return the answer, of a refusal its message; an answer with another code than the expected one fails."""
        request = request_of(f"{api}.googleapis.com", verb, path, query, body)
        code, answer = self.plane.handle(request)
        assert code == expect, answer
        return answer["error"]["message"] if code >= 400 else answer

    def network(self) -> None:
        """Make the network `main`."""
        self.ask("POST", "compute", f"{GLOBAL}/networks", NETWORK)

    def service(self, image: str = "europe-west1-docker.pkg.dev/acme-shop/shop/web@sha256:1") -> None:
        """Make the service `web`."""
        body = {"template": {"containers": [{"image": image}]}}
        self.ask("POST", "run", f"/v2/{LOCATION}/services", body, serviceId="web")

    def account(self, name: str) -> str:
        """Make a service account; return its address."""
        body = {"accountId": name, "serviceAccount": {"displayName": name}}
        return str(self.ask("POST", "iam", f"/v1/{PROJECT}/serviceAccounts", body)["email"])

    def grant(self, api: str, path: str, role: str, member: str, expect: int = 200) -> Any:
        """Give a member a role on a resource, and take away all that its policy said."""
        policy = {"policy": {"bindings": [{"role": role, "members": [member]}]}}
        return self.ask("POST", api, f"{path}:setIamPolicy", policy, expect)
