"""What a function may do: one role, for Lambda's service and for the code, and how it joins the network."""

from __future__ import annotations

from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Condition, Grant, Role, role
from cloudgen.stack.aws.kms import use_key
from cloudgen.stack.aws.network.security_groups import SecurityGroup
from cloudgen.stack.aws.platforms.connections import Connections, merged
from cloudgen.stack.base import Address, join, label
from cloudgen.stack.workload import Wanted

PUBLIC_APIS = ("buckets", "queues")
"""Kinds of storage that are reached by a public API."""


def joins_network(wanted: Wanted) -> bool:
    """Whether a function connects to something that has an address in the network, such as a database."""
    public = {name for kind in PUBLIC_APIS for name in getattr(wanted.storage, kind)}
    return bool(set(wanted.used) - public)


def function_role(
    foundation: Foundation,
    wanted: Wanted,
    links: Connections,
    function_name: str,
    log_group: Address,
    failed: Address | None,
) -> Role:
    """The role of a function. `failed` is the queue of the events that it could not handle."""
    grants = [
        Grant("WriteLogs", ("logs:CreateLogStream", "logs:PutLogEvents"), (join(log_group.arn, ":*"),)),
        # Traces have no names beforehand. https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
        Grant("Trace", ("xray:PutTraceSegments", "xray:PutTelemetryRecords"), ("*",)),
        *use_key(foundation, "DecryptEnvironment", "lambda", "Decrypt"),
        *links.reading,
        *links.grants,
    ]
    if joins_network(wanted):
        grants.append(_join_network(foundation, function_name))
    if failed is not None:
        grants.append(Grant("KeepFailedEvents", ("sqs:SendMessage",), (failed.arn,)))
        grants += use_key(foundation, "EncryptFailedEvents", "sqs", "Decrypt", "GenerateDataKey")
    return role(
        foundation.account,
        foundation.prefix,
        f"{wanted.name}-function",
        f"Function {wanted.name}: start it, and what {wanted.name} itself may do",
        "lambda.amazonaws.com",
        merged(grants),
        # Lambda gives a role to functions of its own account only, and says on whose behalf to nobody.
        bound=False,
    )


def _join_network(foundation: Foundation, function_name: str) -> Grant:
    """What it takes to make the network interfaces of a function, which have no names beforehand.

    Lambda does that with the function's role. Every request of the code's own carries the function's ARN, so that the
    code may not do it: a condition with "not" also holds for requests without that key.
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
    https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
    """
    actions = (
        "CreateNetworkInterface",
        "DescribeNetworkInterfaces",
        "DescribeSubnets",
        "DeleteNetworkInterface",
        "AssignPrivateIpAddresses",
        "UnassignPrivateIpAddresses",
    )
    own = foundation.account.arn("lambda", f"function:{function_name}")
    return Grant(
        "JoinNetwork",
        tuple(f"ec2:{action}" for action in actions),
        ("*",),
        (Condition("ArnNotEquals", "lambda:SourceFunctionArn", (own,)),),
    )


def network_group(foundation: Foundation, wanted: Wanted, links: Connections) -> tuple[SecurityGroup, ...]:
    """Who the function is in the network; nobody where it connects to nothing there.

    The description is the one that tasks have: AWS replaces a group whose description changes, and while a container
    changes its platform both kinds have to reach its database.
    """
    if not joins_network(wanted):
        return ()
    name = wanted.name
    return (SecurityGroup(label(name), f"{foundation.prefix}-{name}-", f"Tasks of {name}", egress=links.egress),)
