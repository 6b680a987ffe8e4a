"""What a machine of Google Cloud talks to: metadata server, Secret Manager, Artifact Registry, and Cloud Logging."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc

from rig.machines.boot.cloud import LogLine
from rig.machines.boot.image import Image
from rig.machines.boot.network import CLOUD, LOGS, METADATA, Network
from rig.machines.boot.server import Answer, Registry, Request, serving

REGISTRY = "europe-west1-docker.pkg.dev"
TOKEN = "ya29.of-this-machine"
INSTANCE = "/computeMetadata/v1/instance/"
METADATA_NAME = "metadata.google.internal"
WRITE = "/google.logging.v2.LoggingServiceV2/WriteLogEntries"
ABOUT = {
    "/computeMetadata/v1/project/project-id": "acme-press",
    f"{INSTANCE}id": "4242",
    f"{INSTANCE}name": "press-staging-web-x7k2",
    f"{INSTANCE}zone": "projects/123456789012/zones/europe-west1-b",
}
"""What the log driver asks for beside its token."""


@dataclass
class Gcp:
    """The servers of one machine, and what they were asked."""

    image: Image
    secrets: Mapping[str, str]
    """By the names of their versions."""
    metadata: Mapping[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    logs: list[LogLine] = field(default_factory=list)

    template = "google_compute_region_instance_template"
    starts_docker = True
    """Container-Optimized OS starts Docker by itself."""
    closed_ports = True
    """Container-Optimized OS lets nothing in.

    https://cloud.google.com/container-optimized-os/docs/how-to/firewall
    """

    forgets = ("etc", "var/lib/cloud")
    """https://cloud.google.com/container-optimized-os/docs/concepts/disks-and-filesystem"""

    @staticmethod
    def told(attributes: Mapping[str, Any]) -> tuple[str, Mapping[str, str]]:
        """Return user data and metadata of an instance template, as a machine gets them."""
        return attributes["metadata"]["user-data"], attributes["metadata"]

    @contextmanager
    def around(self, network: Network, folder: Path) -> Iterator[dict[str, str]]:
        """Serve; yield the addresses of names."""
        server = grpc.server(ThreadPoolExecutor(2), options=[("grpc.so_reuseport", 0)])
        server.add_generic_rpc_handlers((_Logging(self),))
        pair = ((folder / "server.key").read_bytes(), (folder / "server.pem").read_bytes())
        network.in_cloud(lambda: server.add_secure_port(f"{LOGS}:443", grpc.ssl_server_credentials([pair])))
        server.start()
        try:
            with serving(network, folder, self.answer):
                here = dict.fromkeys((REGISTRY, "secretmanager.googleapis.com"), CLOUD)
                yield {**here, METADATA_NAME: METADATA, "logging.googleapis.com": LOGS}
        finally:
            server.stop(0)

    def answer(self, request: Request) -> Answer:
        """Answer one request, and write it down."""
        if request.host in (METADATA, METADATA_NAME):
            answer, name = self._metadata(request), request.name
        elif request.host == REGISTRY:
            token = base64.b64encode(f"oauth2accesstoken:{TOKEN}".encode()).decode()
            answer, name = Registry(self.image, f"Basic {token}").answer(request), f"{request.method} of the registry"
        else:
            answer, name = self._secret(request), request.name
        (self.asked if answer.status < 400 else self.refused).append(name)
        return answer

    def _metadata(self, request: Request) -> Answer:
        """https://cloud.google.com/compute/docs/metadata/querying-metadata."""
        google = {"Metadata-Flavor": "Google"}
        if request.path == "/":
            return Answer(200, headers=google)
        if request.headers.get("metadata-flavor") != "Google":
            return Answer(403)
        path = request.path.partition("?")[0]
        attributes = f"{INSTANCE}attributes/"
        if path == f"{INSTANCE}service-accounts/default/token":
            token = {"access_token": TOKEN, "expires_in": 3599, "token_type": "Bearer"}
            return Answer(200, json.dumps(token).encode(), google)
        if path == attributes:
            return Answer(200, "".join(f"{key}\n" for key in sorted(self.metadata)).encode(), google)
        found = ABOUT.get(path, self.metadata.get(path.removeprefix(attributes)))
        return Answer(404) if found is None else Answer(200, found.encode(), google)

    def _secret(self, request: Request) -> Answer:
        """https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions/access."""
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return Answer(401)
        name = request.path.removeprefix("/v1/").removesuffix(":access")
        if name not in self.secrets:
            return Answer(404)
        payload = {"data": base64.b64encode(self.secrets[name].encode()).decode(), "dataCrc32c": "1"}
        return Answer(200, json.dumps({"name": name, "payload": payload}, indent=2).encode())


class _Logging(grpc.GenericRpcHandler):
    """Cloud Logging, as far as the log driver uses it. Entries are kept as the bytes that came: texts are in them."""

    def __init__(self, cloud: Gcp) -> None:
        self._cloud = cloud

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler[bytes, bytes] | None:
        if details.method != WRITE:
            return None
        told: dict[str, Any] = dict(details.invocation_metadata or ())
        return grpc.unary_unary_rpc_method_handler(lambda entries, _: self._write(entries, told))

    def _write(self, entries: bytes, told: Mapping[str, Any]) -> bytes:
        if told.get("authorization") == f"Bearer {TOKEN}":
            self._cloud.asked.append("WriteLogEntries")
            self._cloud.logs.append(LogLine("", "", entries.decode(errors="replace")))
        else:
            self._cloud.refused.append("WriteLogEntries")
        return b""
