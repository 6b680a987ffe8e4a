"""Rules of rendered Terraform on AWS that let it survive edits and failed starts, whatever the spec.

`tests/updates` plays edits; these rules hold for what no row of that table names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from rig.scanners.tree import Rule, Tree
from rig.trees.hcl import Body, RenderedBlock

REFERENCE = re.compile(r"\b((?:data\.)?aws_\w+\.\w+|local\.\w+)")
MAY_BE_CREATED_FIRST = (
    "aws_acm_certificate.",
    "aws_db_parameter_group.",
    "aws_lb_target_group.",
    "aws_security_group.",
    "aws_subnet.",
    "aws_vpc.",
)
"""Resources without a name of their own, or with one that AWS completes. Nothing replaces a VPC, nor a subnet: its zone
is its key, and its range follows from the network's."""
WAITS = ("aws_db_instance.", "aws_elasticache_replication_group.")
"""Resources whose changes wait for a maintenance window, so that plans until then change them."""


def _module(block: RenderedBlock) -> str:
    return str(PurePosixPath(block.file).parent)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from (*_texts(key), *_texts(item))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value


def references(body: Body) -> set[str]:
    """Return the addresses that a block names."""
    return {found for text in _texts(body) for found in REFERENCE.findall(text)}


def _lifecycle(block: RenderedBlock) -> Body:
    found: Body = (block.body.get("lifecycle") or [{}])[0]
    return found


def _upstream(bodies: Mapping[str, Body], address: str) -> set[str]:
    """Return everything in its module that a block depends on, itself included."""
    found = {address}
    waiting = [address]
    while waiting:
        for other in references(bodies[waiting.pop()]) & bodies.keys() - found:
            found.add(other)
            waiting.append(other)
    return found


def created_first(tree: Tree) -> Iterator[str]:
    """What is created before it is destroyed has a name that leaves room for both, and so has all that it depends on.

    Terraform gives `create_before_destroy` to everything that such a resource depends on, directly or not.
    https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle
    """
    blocks = (*tree.resources, *tree.data, *tree.values)
    for module in dict.fromkeys(map(_module, tree.resources)):
        bodies = {block.address: block.body for block in blocks if _module(block) == module}
        for block in tree.resources:
            if _module(block) != module or _lifecycle(block).get("create_before_destroy") is not True:
                continue
            for address in sorted(_upstream(bodies, block.address)):
                if address.startswith("aws_") and not address.startswith(MAY_BE_CREATED_FIRST):
                    yield f"{address}: is created before the old one goes, as {block.address} depends on it"


def deferred_changes(tree: Tree) -> Iterator[str]:
    """A policy names nothing whose change waits for a window: it would be in every plan until then."""
    for block in tree.data:
        for address in sorted(references(block.body)):
            if block.type == "data.aws_iam_policy_document" and address.startswith(WAITS):
                yield f"{block.address}: is read anew with each change of {address}"


def images_stay(tree: Tree) -> Iterator[str]:
    """No edit of the spec replaces a repository of images: what runs could not start again."""
    for block in tree.of("aws_ecr_repository"):
        if "encryption_configuration" not in str(_lifecycle(block).get("ignore_changes")):
            yield f"{block.address}: another encryption deletes its images"


def left_behind(tree: Tree) -> Iterator[str]:
    """What is used until later stays when a new one takes its place."""
    for block in tree.of("aws_db_parameter_group", "aws_ecs_task_definition"):
        if block.body.get("skip_destroy") is not True:
            yield f"{block.address}: goes while it is used"


def one_writer(tree: Tree) -> Iterator[str]:
    """Terraform leaves alone what scheduled actions write, and how many tasks autoscaling wants."""
    scaled = {address for block in tree.of("aws_appautoscaling_target") for address in references(block.body)}
    acted = {address for block in tree.of("aws_appautoscaling_scheduled_action") for address in references(block.body)}
    for block in tree.of("aws_appautoscaling_target"):
        ignored = str(_lifecycle(block).get("ignore_changes"))
        if block.address in acted and not ("min_capacity" in ignored and "max_capacity" in ignored):
            yield f"{block.address}: each plan takes back what a schedule has set"
    for block in tree.of("aws_ecs_service"):
        if block.address in scaled and "desired_count" not in str(_lifecycle(block).get("ignore_changes")):
            yield f"{block.address}: each plan takes back what autoscaling has set"


def known_by_themselves(tree: Tree) -> Iterator[str]:
    """What others or people know a part by follows from the part alone, and nothing replaces it in an edit."""
    for block in tree.of("aws_lb_target_group"):
        if block.body.get("target_type") == "ip" and block.body.get("port") != 80:
            yield f"{block.address}: another port of its container replaces it"
    for block in tree.of("aws_sns_topic_subscription"):
        if re.search(r"(^|_)\d{1,2}$", block.label):
            yield f"{block.address}: another address before it makes its owner confirm again"
    for block in tree.of("aws_lb_listener_rule"):
        # The rule of the aliases leads to no container.
        if not block.label.startswith("path_") and block.label != "aliases":
            yield f"{block.address}: another container of its path replaces it"


def ordered(tree: Tree) -> Iterator[str]:
    """An order that no attribute names is stated."""
    listeners = {block.label for block in tree.of("aws_lb_listener")}
    for block in tree.resources:
        stated = str(block.body.get("depends_on"))
        if block.address == "aws_lb.main" and "aws_route.public_internet" not in stated:
            yield f"{block.address}: AWS refuses it before there is a way to the internet"
        if block.address == "aws_lb_listener.http" and "https" in listeners and "aws_lb_listener.https" not in stated:
            yield f"{block.address}: sends visitors to a port that nothing serves yet"
        if block.type == "aws_ecs_service":
            if "load_balancer" in block.body and "aws_lb_listener" not in stated:
                yield f"{block.address}: ECS refuses a target group without a load balancer"
            if block.body.get("force_new_deployment") is not True:
                yield f"{block.address}: another capacity replaces it"


SURVIVAL: tuple[Rule, ...] = (
    created_first,
    deferred_changes,
    images_stay,
    left_behind,
    one_writer,
    known_by_themselves,
    ordered,
)
