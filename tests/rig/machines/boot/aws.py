"""What a machine of AWS talks to: instance metadata by version 2, Secrets Manager, ECR, and CloudWatch Logs."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rig.machines.boot.cloud import LogLine
from rig.machines.boot.image import Image
from rig.machines.boot.network import CLOUD, METADATA, Network
from rig.machines.boot.server import Answer, Registry, Request, serving

REGION = "eu-west-1"
REGISTRY = f"111122223333.dkr.ecr.{REGION}.amazonaws.com"
PASSWORD = "password-of-this-machine"
SESSION = "session-of-this-machine"
METADATA_TOKEN = "token-for-metadata"
ROLE = "machine"
CREDENTIALS = {
    "Code": "Success",
    "Type": "AWS-HMAC",
    "AccessKeyId": "ASIAOFTHISMACHINE",
    "SecretAccessKey": "key-of-this-machine",
    "Token": SESSION,
    "LastUpdated": "2026-01-01T00:00:00Z",
    "Expiration": "2099-01-01T00:00:00Z",
}


@dataclass
class Aws:
    """The servers of one machine, and what they were asked."""

    image: Image
    secrets: Mapping[str, str]
    """`SecretString` by the secrets' ARNs."""
    asked: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    logs: list[LogLine] = field(default_factory=list)

    names = (REGISTRY, *(f"{name}.{REGION}.amazonaws.com" for name in ("secretsmanager", "logs", "api.ecr")))
    template = "aws_launch_template"
    starts_docker = False
    """Amazon Linux does not start Docker by itself."""
    closed_ports = False
    """What reaches a machine of EC2 is up to its security groups."""

    forgets = ()

    @staticmethod
    def told(attributes: Mapping[str, Any]) -> tuple[str, Mapping[str, str]]:
        """Return user data and metadata of a launch template, as a machine gets them."""
        return base64.b64decode(attributes["user_data"]).decode(), {}

    @contextmanager
    def around(self, network: Network, folder: Path) -> Iterator[dict[str, str]]:
        """Serve; yield the addresses of names."""
        with serving(network, folder, self.answer):
            yield dict.fromkeys(self.names, CLOUD)

    def answer(self, request: Request) -> Answer:
        """Answer one request, and write it down."""
        target = request.headers.get("x-amz-target", "").rpartition(".")[2]
        # Docker asks the registry for a name that leads here, too.
        if request.host == METADATA:
            answer, name = self._metadata(request), request.name
        elif request.host == REGISTRY:
            token = base64.b64encode(f"AWS:{PASSWORD}".encode()).decode()
            answer, name = Registry(self.image, f"Basic {token}").answer(request), f"{request.method} of the registry"
        else:
            answer, name = self._service(request, target), target
        (self.asked if answer.status < 400 else self.refused).append(name)
        return answer

    def _metadata(self, request: Request) -> Answer:
        """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html."""
        path = request.path.rstrip("/")
        if (request.method, path) == ("PUT", "/latest/api/token"):
            seconds = request.headers.get("x-aws-ec2-metadata-token-ttl-seconds")
            lifetime = {"X-Aws-Ec2-Metadata-Token-Ttl-Seconds": seconds or ""}
            return Answer(200, METADATA_TOKEN.encode(), lifetime) if seconds else Answer(400)
        if request.headers.get("x-aws-ec2-metadata-token") != METADATA_TOKEN:
            return Answer(401)
        known = {
            "/latest/meta-data/iam/security-credentials": ROLE,
            f"/latest/meta-data/iam/security-credentials/{ROLE}": json.dumps(CREDENTIALS),
        }
        return Answer(200, known[path].encode()) if path in known else Answer(404)

    def _service(self, request: Request, action: str) -> Answer:
        signed = f"Credential={CREDENTIALS['AccessKeyId']}/" in request.headers.get("authorization", "")
        if not signed or request.headers.get("x-amz-security-token") != SESSION:
            return _json(400, __type="UnrecognizedClientException", message="the security token is invalid")
        asked = json.loads(request.body)
        if action == "GetAuthorizationToken":
            token = base64.b64encode(f"AWS:{PASSWORD}".encode()).decode()
            data = {"authorizationToken": token, "expiresAt": 4e9, "proxyEndpoint": f"https://{REGISTRY}"}
            return _json(200, authorizationData=[data])
        if action == "GetSecretValue":
            secret = asked["SecretId"]
            if secret not in self.secrets:
                return _json(400, __type="ResourceNotFoundException", message="no such secret")
            version = asked.get("VersionId", "current")
            return _json(200, ARN=secret, Name=secret, VersionId=version, SecretString=self.secrets[secret])
        if action == "PutLogEvents":
            group = asked["logGroupName"]
            self.logs += [LogLine(group, asked["logStreamName"], event["message"]) for event in asked["logEvents"]]
            return _json(200, nextSequenceToken="1")
        return _json(200) if action == "CreateLogStream" else _json(400, __type="UnknownOperationException")


def _json(status: int, **content: object) -> Answer:
    return Answer(status, json.dumps(content).encode(), {"Content-Type": "application/x-amz-json-1.1"})
