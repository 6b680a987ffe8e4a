"""Our rules for IAM policies on AWS: of keys, of roles, and of what services of AWS may write to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rig.scanners.tree import Tree
from rig.trees.hcl import RenderedBlock, encoded

ACCOUNT = re.compile(r"arn:aws[\w-]*:iam::(\d{12}|\$\{data\.aws_caller_identity\.current\.account_id\}):root")
"""The principal that stands for the account, so that its IAM policies decide."""

SERVICE_LINKED = re.compile(
    r"arn:aws[\w-]*:iam::(\d{12}|\$\{data\.aws_caller_identity\.current\.account_id\}):role/aws-service-role/[\w./-]+"
)
"""A role of a service of AWS in this account, which nobody else can assume."""

KEY_USES = re.compile(r"kms:(Encrypt|Decrypt|ReEncrypt|GenerateDataKey|Describe)(Key)?\*?")
"""What a service may do with a key: nothing that changes it, and no grants to others."""

NAMELESS = frozenset({"events.amazonaws.com"})
"""Services that do not say on whose behalf they act: with a condition they could do nothing.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html
"""

UNCONDITIONED = frozenset({"cloudtrail.amazonaws.com", "ec2.amazonaws.com", "lambda.amazonaws.com"})
"""Services that take a role without saying on whose behalf, and would not get it under a condition.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html
https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
"""

FOR_NO_RESOURCE = frozenset(
    {
        "ecr:GetAuthorizationToken",
        "ecs:DiscoverPollEndpoint",
        *("xray:PutTraceSegments", "xray:PutTelemetryRecords"),
        *(f"ssmmessages:{verb}{kind}Channel" for verb in ("Create", "Open") for kind in ("Control", "Data")),
    }
)
"""Actions that are about no resource, or about the machine that asks, so that "*" is all that one can write.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

FOR_A_NETWORK = frozenset(
    {
        *(f"ec2:{verb}NetworkInterface" for verb in ("Create", "Delete")),
        *("ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"),
        *(f"ec2:{verb}PrivateIpAddresses" for verb in ("Assign", "Unassign")),
    }
)
"""What Lambda does with the role of a function in a network. Its code must not: requests of the code name the function.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
"""

Statement = dict[str, Any]


def key_policies(tree: Tree) -> Iterator[str]:
    """The account alone administers a key; services use it, on behalf of this account."""
    for key in tree.of("aws_kms_key"):
        statements = encoded(key.body.get("policy"))["Statement"]
        if sum(_administers(statement) for statement in statements) != 1:
            yield f"{key.address}: not administered by its account alone"
        for statement in statements:
            if _administers(statement) or statement["Effect"] == "Deny":
                continue
            if _service_linked(statement):
                continue
            service = _service(statement)
            if not isinstance(service, str):
                yield f"{key.address}: {statement['Sid']} lets {statement.get('Principal')}"
            elif not all(KEY_USES.fullmatch(action) for action in _listed(statement["Action"])):
                yield f"{key.address}: {statement['Sid']} lets {service} do {statement['Action']}"
            elif not statement.get("Condition") and service not in NAMELESS:
                yield f"{key.address}: {statement['Sid']} lets {service} act for anybody"


def role_trust(tree: Tree) -> Iterator[str]:
    """A role is assumed by one service of AWS, on behalf of this account."""
    trusts = {f"${{{document.address}.json}}": document for document in _documents(tree)}
    for role in tree.of("aws_iam_role"):
        document = trusts.get(role.body["assume_role_policy"])
        if document is None:
            yield f"{role.address}: trust that no document states"
            continue
        for statement in document.body["statement"]:
            services = [(principal["type"], len(principal["identifiers"])) for principal in statement["principals"]]
            if services != [("Service", 1)]:
                yield f"{document.address}: trusts {statement['principals']}"
            trusted = {name for principal in statement["principals"] for name in principal["identifiers"]}
            if trusted <= UNCONDITIONED:
                if statement.get("condition"):
                    yield f"{document.address}: {sorted(trusted)} meet no condition"
            elif not _on_our_behalf(statement):
                yield f"{document.address}: whoever uses the service assumes the role"


def _for_lambda_alone(statement: Statement) -> bool:
    """Whether a function's role may do this for Lambda only, and not for the code."""
    conditions = [(each["test"], each["variable"]) for each in statement.get("condition", [])]
    is_bound = conditions == [("ArnNotEquals", "lambda:SourceFunctionArn")]
    return is_bound and set(statement.get("actions", ["*"])) <= FOR_A_NETWORK


def action_wildcards(tree: Tree) -> Iterator[str]:
    """A role may do what is listed, with what is listed: no pattern of actions, and resources by their name."""
    policies = {policy.body["policy"] for policy in tree.of("aws_iam_role_policy", "aws_iam_policy")}
    for document in _documents(tree):
        if f"${{{document.address}.json}}" not in policies:
            continue
        for statement in document.body["statement"]:
            actions = statement.get("actions", ["not_actions"])
            if any("*" in action for action in actions) or "not_actions" in actions:
                yield f"{document.address}: may do {actions}"
            resources = statement.get("resources", ["*"])
            if "*" in resources and not set(actions) <= FOR_NO_RESOURCE and not _for_lambda_alone(statement):
                yield f"{document.address}: may do {actions} with anything"
    for resource in tree.of("aws_iam_user", "aws_iam_group", "aws_iam_role_policies_exclusive"):
        yield f"{resource.address}: people and groups are no part of a stack"


def resource_policies(tree: Tree) -> Iterator[str]:
    """Policies of buckets, queues and topics let in services of AWS only, and on behalf of this account only."""
    for document in _documents(tree):
        for statement in document.body["statement"]:
            if statement.get("effect") == "Deny" or "sts:AssumeRole" in statement.get("actions", []):
                continue
            for principal in statement.get("principals", []):
                if principal["type"] != "Service":
                    yield f"{document.address}: lets in {principal['identifiers']}"
                elif not _on_our_behalf(statement) and not set(principal["identifiers"]) <= NAMELESS:
                    yield f"{document.address}: lets in {principal['identifiers']} for anybody"


CLIENTS = [f"elasticfilesystem:Client{what}" for what in ("Mount", "Write", "RootAccess")]
"""All that is done with the files of a file system; the rest of its API is HTTPS anyway."""


def plain_http(tree: Tree) -> Iterator[str]:
    """Every bucket, every queue and every file system refuses requests without TLS."""
    documents = {f"${{{document.address}.json}}": document for document in _documents(tree)}
    for type_, policy_type, argument in (
        ("aws_s3_bucket", "aws_s3_bucket_policy", "bucket"),
        ("aws_sqs_queue", "aws_sqs_queue_policy", "queue_url"),
        ("aws_efs_file_system", "aws_efs_file_system_policy", "file_system_id"),
    ):
        policies = {policy.body[argument]: policy.body["policy"] for policy in tree.of(policy_type)}
        for resource in tree.of(type_):
            document = documents.get(policies.get(f"${{{resource.address}.id}}", ""))
            if document is None or not any(_refuses_http(resource, part) for part in document.body["statement"]):
                yield f"{resource.address}: answers in the clear"


def _refuses_http(resource: RenderedBlock, statement: Statement) -> bool:
    service = resource.type.split("_")[1]
    everything = CLIENTS if service == "efs" else [f"{service}:*"]
    condition = {"test": "Bool", "variable": "aws:SecureTransport", "values": ["false"]}
    return (
        statement.get("effect") == "Deny"
        and statement["actions"] == everything
        and statement["principals"][0]["identifiers"] == ["*"]
        and statement["condition"] == [condition]
        and f"${{{resource.address}.arn}}" in statement["resources"]
    )


def _documents(tree: Tree) -> Iterator[RenderedBlock]:
    return (source for source in tree.data if source.type == "data.aws_iam_policy_document")


def _on_our_behalf(statement: Statement) -> bool:
    """Tell whether a condition limits on whose behalf a service acts; a pattern of everything does not."""
    return any(
        condition["variable"] in {"aws:SourceAccount", "aws:SourceArn"} and "*" not in condition["values"]
        for condition in statement.get("condition", [])
    )


def _administers(statement: Statement) -> bool:
    principal = statement.get("Principal")
    return (
        statement["Effect"] == "Allow"
        and statement.get("Action") == "kms:*"
        and isinstance(principal, dict)
        and list(principal) == ["AWS"]
        and ACCOUNT.fullmatch(str(principal["AWS"])) is not None
    )


def _service_linked(statement: Statement) -> bool:
    """Whether it is one service-linked role of this account that uses the key, or hands it to its own machines."""
    condition = statement.get("Condition") or {}
    roles = _listed(condition.get("ArnEquals", {}).get("aws:PrincipalArn", ""))
    if not all(SERVICE_LINKED.fullmatch(role) for role in roles):
        return False
    actions = _listed(statement["Action"])
    grants = condition.get("Bool", {}).get("kms:GrantIsForAWSResource") == "true"
    return all(KEY_USES.fullmatch(action) or (grants and action == "kms:CreateGrant") for action in actions)


def _service(statement: Statement) -> Any:
    principal = statement.get("Principal")
    return principal.get("Service") if isinstance(principal, dict) and len(principal) == 1 else None


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]
