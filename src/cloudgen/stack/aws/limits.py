"""What AWS counts. Sources are the pages of quotas of each service."""

from __future__ import annotations

import json
from collections.abc import Iterator

from cloudgen.errors import SpecPath
from cloudgen.spec.deployment import Deployment
from cloudgen.stack.entrance import beside_default
from cloudgen.stack.limits import Kept, Limit, connections, told_of_objects
from cloudgen.stack.naming import labels

_BALANCER = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html"
_VERSION = 32
"""Characters of the id of a secret's version, at the least.
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
"""
_OWN_RULES = 2
"""Rules of a task's security group that are there anyway: HTTPS to the internet, and to the endpoints."""
_STATEMENT = 150
"""Characters, at the least, that a policy needs to grant a bucket or a queue: its ARN, the actions, the frame."""


def _rules(deployment: Deployment) -> Iterator[tuple[SpecPath, int]]:
    yield ("load_balancer", "routes"), len(beside_default(deployment))


def _target_groups(deployment: Deployment) -> Iterator[tuple[SpecPath, int]]:
    yield ("load_balancer", "routes"), len({route.container for route in deployment.routes})


def _group_rules(deployment: Deployment) -> Iterator[tuple[SpecPath, int]]:
    storage = deployment.storage
    for path, number in connections(deployment, {"databases": storage.databases, "caches": storage.caches}):
        yield path, number + _OWN_RULES


def _policies(deployment: Deployment) -> Iterator[tuple[SpecPath, int]]:
    storage = deployment.storage
    for path, number in connections(deployment, {"buckets": storage.buckets, "queues": storage.queues}):
        yield path, number * _STATEMENT


def _tags(deployment: Deployment) -> Iterator[tuple[SpecPath, int]]:
    yield ("labels",), len(labels(deployment)) + 1  # and Name


def _dns_tags(deployment: Deployment) -> Iterator[tuple[SpecPath, int]]:
    """Terraform sends the tags of a zone, or of a health check with its Name, at once."""
    balancer = deployment.load_balancer
    if balancer and deployment.monitoring.uptime_checks:
        yield ("labels",), len(labels(deployment)) + 1
    elif balancer and balancer.create_zone:
        yield ("labels",), len(labels(deployment))


def _definitions(deployment: Deployment) -> Iterator[tuple[SpecPath, int]]:
    """The bytes of a task definition, at the least, in the JSON that its API takes."""
    for name, container in deployment.containers.items():
        stated = container.environment.items()
        environment = [{"name": key, "value": value if isinstance(value, str) else ""} for key, value in stated]
        secrets = [
            {"name": key, "valueFrom": f"{_secret_arn(deployment, secret)}:::{'0' * _VERSION}"}
            for key, secret in container.secrets.items()
        ]
        text = json.dumps([environment, secrets, container.command or []], ensure_ascii=False, separators=(",", ":"))
        yield ("containers", name, "environment"), len(text.encode())


def _secret_arn(deployment: Deployment, secret: str) -> str:
    """The ARN of a secret, at its shortest: Secrets Manager puts a hyphen and six characters behind the name."""
    return f"arn:aws:secretsmanager:eu-west-1:111122223333:secret:{deployment.prefix}/{secret}-000000"


def _secret_policies(deployment: Deployment) -> Iterator[tuple[SpecPath, int]]:
    """The characters of the policy by which a container's secrets are read, at the least: it lists their ARNs."""
    for name, container in deployment.containers.items():
        listed = [_secret_arn(deployment, secret) for secret in {*container.secrets.values()}]
        yield ("containers", name, "secrets"), len(json.dumps(listed, separators=(",", ":")))


LIMITS = (
    Limit(
        "target groups behind one load balancer", 100, _target_groups, "let fewer containers answer requests", _BALANCER
    ),
    Limit(
        "rules of one load balancer", 100, _rules, "join routes that lead to one container", _BALANCER, raisable=True
    ),
    Limit(
        "rules of one security group",
        60,
        _group_rules,
        "let one container connect to fewer databases and caches",
        "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html",
        raisable=True,
    ),
    Limit(
        "characters of policies of one role, at the least",
        10_240,
        _policies,
        "let one container connect to fewer buckets and queues",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
    ),
    Limit(
        "characters of the policy that reads its secrets, at the least",
        10_240,
        _secret_policies,
        "keep several values in one secret, as JSON, and let the application take it apart",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
    ),
    Limit(
        "tags of one resource, cloudgen's own four included",
        50,
        _tags,
        "remove some",
        "https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html",
    ),
    Limit(
        "tags of a zone or health check of Route 53, cloudgen's own included",
        10,
        _dns_tags,
        "remove some, or create_zone and uptime_checks",
        "https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeTagsForResource.html",
    ),
    Limit(
        "bytes of a task definition, at the least",
        64 * 1024,
        _definitions,
        "keep long values in a file of the image, or in a bucket",
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html",
    ),
    Limit(
        "containers that the new objects of one bucket start",
        100,
        told_of_objects,
        "let one container do several things with an object, or use a bucket of its own for some",
        "https://docs.aws.amazon.com/general/latest/gr/s3.html",
    ),
)
KEPT = Kept(
    "Amazon ECS",
    (
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "ECS_CONTAINER_METADATA_URI",
        "ECS_CONTAINER_METADATA_URI_V4",
        "ECS_AGENT_URI",
    ),
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-metadata.html",
)
