"""What each container may do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from cloudgen.spec.containers import Container
from rig.facts.aws.kept import CLIENT, volumes
from rig.facts.aws.runners import runner
from rig.facts.aws.tasks import grants, many, policy_statements, statements
from rig.facts.scene import Scene, Seen, label, variable

LOOK_AT_QUEUE = {"sqs:GetQueueAttributes", "sqs:GetQueueUrl"}
ACTIONS = {
    ("queues", "publish"): {"sqs:SendMessage"} | LOOK_AT_QUEUE,
    ("queues", "consume"): {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"} | LOOK_AT_QUEUE,
}
OBJECT_ACTIONS = {
    "read": {"s3:GetObject"},
    "write": {"s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"},
}
KEY_ACTIONS = {
    ("buckets", "read"): {"kms:Decrypt"},
    ("buckets", "write"): {"kms:Decrypt", "kms:GenerateDataKey"},
    ("queues", "publish"): {"kms:Decrypt", "kms:GenerateDataKey"},
    ("queues", "consume"): {"kms:Decrypt"},
}
TO_START = {"ecr:GetAuthorizationToken"}
TO_PULL = {"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"}
TO_LOG = {"logs:CreateLogStream", "logs:PutLogEvents"}


def wanted_grants(scene: Scene, name: str) -> set[tuple[str, str]]:
    """Return the pairs of action and resource that a container's own role is to have, without those of the key."""
    found: set[tuple[str, str]] = set()
    for _, bucket, verb in (item for item in scene.connections("buckets") if item[0] == name):
        arn = scene.root.get("aws_s3_bucket", label(bucket)).values["arn"]
        found |= {("s3:ListBucket", arn)} | {(action, f"{arn}/*") for action in OBJECT_ACTIONS[verb]}
    for _, queue, verb in (item for item in scene.connections("queues") if item[0] == name):
        arn = scene.root.get("aws_sqs_queue", label(queue)).values["arn"]
        found |= {(action, arn) for action in ACTIONS["queues", verb]}
    if any(one == name for one, _ in scene.kept()):
        stores = {volume["file_system_id"] for _, volume in volumes(scene, name)}
        arns = [store.values["arn"] for store in scene.root.of("aws_efs_file_system") if store.at("id") in stores]
        found |= {(action, arn) for arn in arns for action in CLIENT}
    return found


def wanted_key_grants(scene: Scene, name: str) -> set[tuple[str, str]]:
    """Return the pairs of action and resource for the key of one's own."""
    if not scene.own_key:
        return set()
    key = scene.root.get("aws_kms_key", "main").values["arn"]
    sections = ("buckets", "queues")
    verbs = [(section, verb) for section in sections for one, _, verb in scene.connections(section) if one == name]
    return {(action, key) for verb in verbs for action in KEY_ACTIONS[verb]}


def own_repository(scene: Scene, container: Container) -> str:
    """Return how the ARN of the repository ends that a container's image is in."""
    if container.image is None:
        name = scene.bootstrap.get("aws_ecr_repository", "images").values["name"]
    else:
        name = str(container.image).partition("/")[2].partition("@")[0].partition(":")[0]
    return f":repository/{name}"


def _key_without_service(found: list[Mapping[str, Any]]) -> bool:
    """Whether a statement lets the key be used, and not through a service alone."""
    return any(
        action.startswith("kms:") and "kms:ViaService" not in json.dumps(statement.get("Condition", {}))
        for statement in found
        for action in many(statement.get("Action"))
    )


def _pulled_by_lambda(scene: Scene) -> bool:
    """Whether the repository lets Lambda pull, for functions of this account alone."""
    found = scene.root.of("aws_ecr_repository_policy")
    allowed = [each for policy in found for each in policy_statements(policy.values["policy"])]
    return bool(allowed) and all(
        each["Principal"] == {"Service": "lambda.amazonaws.com"}
        and set(many(each["Action"])) <= TO_PULL
        and ":function:" in json.dumps(each.get("Condition", {}).get("ArnLike", {}).get("aws:SourceArn", ""))
        for each in allowed
    )


def containers_hold_only_their_grants(scene: Scene) -> Iterator[Seen]:
    """The task role has what connects_to implies; the execution role pulls the image, writes the log, reads secrets."""
    for name, container in scene.containers().items():
        one = runner(scene, name)
        own_role, starting_role = one.roles
        own, starting = grants(statements(scene, own_role)), grants(statements(scene, starting_role))
        wanted = wanted_grants(scene, name) | wanted_key_grants(scene, name)
        to_start = {pair for pair in starting if _starts(pair, one.log_group, own_repository(scene, container))}
        more = {pair for pair in starting if re.fullmatch(one.starts_itself.get(pair[0], ""), pair[1])}
        # Where one role is both, the application has what starting takes, too.
        mine = own - to_start - more if own_role == starting_role else own
        others = starting - to_start - more - (wanted if own_role == starting_role else set())
        trust = {
            (service, statement["Effect"])
            for role in one.roles
            for statement in policy_statements(scene.root.get("aws_iam_role", role).values["assume_role_policy"])
            for service in many(
                statement["Principal"].get("Service") if isinstance(statement["Principal"], dict) else "*"
            )
        }
        named = {scene.root.get("aws_iam_role", role).values["name"] for role in one.roles}
        attached = [
            attachment.address
            for attachment in scene.root.of("aws_iam_role_policy_attachment")
            if attachment.at("role") in named
        ]
        yield Seen.of(
            name,
            {
                f"lacks {sorted(wanted - own)}": bool(wanted - own),
                f"may do beside what the spec implies {sorted(mine - wanted)}": bool(mine - wanted),
                "may use the key without a service in between": any(
                    _key_without_service(statements(scene, role)) for role in one.roles
                ),
                f"what starts it may also do {sorted(others)}": bool(others),
                "cannot write its log": not {action for action, _ in starting} >= TO_LOG,
                "cannot pull its image": container.built
                and not (_pulled_by_lambda(scene) if one.invoked else {action for action, _ in starting} >= TO_PULL),
                f"its roles are assumed by {sorted(trust)}": trust != {(one.principal, "Allow")},
                f"has the policies {attached}": bool(attached),
            },
        )


def _starts(pair: tuple[str, str], group: str | None, repository: str) -> bool:
    """Whether a grant is one that starting a container takes. Secrets have a fact of their own."""
    action, resource = pair
    return (
        action.startswith(("secretsmanager:", "kms:"))
        or (action in TO_START and resource == "*")
        or (action in TO_PULL and resource.endswith(repository))
        or (action in TO_LOG and resource.endswith(f":log-group:{group}:*"))
    )


def secrets_have_only_their_readers(scene: Scene) -> Iterator[Seen]:
    """Each secret variable comes from its secret, and no role reads a secret that its container does not have."""
    wanted: dict[str, set[str]] = {name: set() for name in scene.containers()}
    for name, container in scene.containers().items():
        found = runner(scene, name).secrets
        sources = {
            key: scene.root.get("aws_secretsmanager_secret", label(secret)).values["arn"]
            for key, secret in container.secrets.items()
        }
        for _, database, _ in (item for item in scene.connections("databases") if item[0] == name):
            server = scene.root.get("aws_db_instance", label(database))
            sources[variable(database, "PASSWORD")] = server.at("master_user_secret", "secret_arn")
        wanted[name] = set(sources.values())
        for key, arn in sources.items():
            yield Seen.of(
                f"{key} of {name}", {f"comes from {found.get(key)}": not str(found.get(key, "")).startswith(f"{arn}:")}
            )
    for role in scene.root.of("aws_iam_role"):
        readable = {
            resource
            for action, resource in grants(statements(scene, role.label))
            if action.startswith("secretsmanager:")
        }
        readers = [name for name in wanted if role.label == runner(scene, name).roles[1]]
        allowed = {arn for name in readers for arn in wanted[name]}
        yield Seen.of(
            role.address,
            {
                f"reads {sorted(readable - allowed)}": bool(readable - allowed),
                f"cannot read {sorted(allowed - readable)}": bool(allowed - readable),
            },
        )
