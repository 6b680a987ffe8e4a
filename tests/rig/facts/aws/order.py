"""What has to exist before what: the first apply works only if Terraform knows these dependencies."""

from __future__ import annotations

from collections.abc import Iterator

from rig.facts.aws.functions import Function
from rig.facts.aws.kept import volumes
from rig.facts.aws.runners import runner
from rig.facts.plan import PlannedResource
from rig.facts.scene import Scene, Seen, label

CONNECTED = {
    "databases": "aws_db_instance",
    "buckets": "aws_s3_bucket",
    "caches": "aws_elasticache_replication_group",
    "queues": "aws_sqs_queue",
}


def logs_exist_before_their_writers(scene: Scene) -> Iterator[Seen]:
    """What defines a container names the group's resource; databases and firewalls would else make endless groups."""
    for name in scene.containers():
        definition = runner(scene, name).definition
        group = f"aws_cloudwatch_log_group.{label(name)}"
        yield Seen.of(name, {"its log group may come later": not definition.is_after(group)})
    for name in scene.deployment.storage.databases:
        server = scene.root.get("aws_db_instance", label(name))
        exports = server.at("enabled_cloudwatch_logs_exports") or []
        groups = {
            group.values["name"]: group.address
            for group in scene.root.of("aws_cloudwatch_log_group")
            if group.values["name"].startswith(f"/aws/rds/instance/{server.values['identifier']}/")
        }
        wanted = {f"/aws/rds/instance/{server.values['identifier']}/{export}": export for export in exports}
        yield Seen.of(
            name,
            {
                f"exports {sorted(exports)} to the groups {sorted(groups)}": set(groups) != set(wanted),
                "its log groups may come later": not server.is_after(*groups.values()),
            },
        )


def the_way_in_exists_first(scene: Scene) -> Iterator[Seen]:
    """ECS refuses a service whose target group no listener uses."""
    serving = f"aws_lb_listener.{'https' if scene.https else 'http'}"
    for name in sorted({route.container for route in scene.deployment.routes}):
        one = runner(scene, name)
        rules = [
            rule.address
            for rule in scene.root.of("aws_lb_listener_rule")
            if rule.at("action", "target_group_arn") == one.target_group
        ]
        default = scene.root.get(*serving.split(".")).at("default_action", "target_group_arn")
        first = [serving] if default == one.target_group else rules
        if isinstance(one, Function):
            yield _led_to_when_it_answers(scene, one, first)
            continue
        yield Seen.of(
            name,
            {
                f"{first} may come later": not one.runner.is_after(*first),
                "nothing leads to it": not first,
            },
        )


def _led_to_when_it_answers(scene: Scene, one: Function, first: list[str]) -> Seen:
    """The other way round: a group of a function that is not attached yet answers with 503."""
    late = [each.address for each in one.attachments for way in first if not scene.at(way).is_after(each.address)]
    return Seen.of(one.name, {f"{late} may come later": bool(late), "nothing leads to it": not first})


def grants_exist_before_their_users(scene: Scene) -> Iterator[Seen]:
    """The policies of both roles, the values of secrets, and what it connects to come before the first task."""
    for name, container in scene.containers().items():
        one = runner(scene, name)
        policies = [policy.address for policy in scene.root.of("aws_iam_role_policy") if policy.label in one.roles]
        values = [f"aws_secretsmanager_secret_version.{label(secret)}" for secret in container.secrets.values()]
        things = [
            f"{type_}.{label(thing)}"
            for section, type_ in CONNECTED.items()
            for user, thing, _ in scene.connections(section)
            if user == name
        ]
        for identity in {
            volume["file_system_id"] for one, _ in scene.kept() if one == name for _, volume in volumes(scene, one)
        }:
            stores = scene.root.where("aws_efs_mount_target", file_system_id=identity)
            stores += scene.root.where("aws_efs_file_system_policy", file_system_id=identity)
            things += [store.address.partition("[")[0] for store in stores]
        late = sorted(address for address in (*policies, *values, *things) if not one.runner.is_after(address))
        yield Seen.of(name, {f"{late} may come later": bool(late), "it has no policy": not policies})


def foundations_exist_first(scene: Scene) -> Iterator[Seen]:
    """A task pulls its image through the gateways, or else through endpoints that let it in, and by its own rules."""
    routes = [
        route.address.partition("[")[0] for route in scene.root.of("aws_route") if route.label != "public_internet"
    ]
    endpoints = [endpoint.address for endpoint in scene.root.of("aws_vpc_endpoint")]
    for name, container in scene.containers().items():
        one = runner(scene, name)
        let_in = [
            rule.address
            for group in one.groups
            for rule in scene.root.where("aws_vpc_security_group_ingress_rule", referenced_security_group_id=group)
            if rule.label.startswith("endpoints_from_")
        ]
        ways = routes or [*endpoints, *let_in]
        if one.invoked and not one.groups:
            ways = ["aws_ecr_repository_policy.functions"] if container.built else [f"aws_iam_role.{one.roles[0]}"]
        late = sorted(
            {address for address in (*ways, *_rules_out(scene, one.groups)) if not one.runner.is_after(address)}
        )
        yield Seen.of(
            name,
            {
                f"{late} may come later": bool(late),
                "has no way out": not ways,
                **{wrong: not one.runner.is_after(address) for address, wrong in one.needs.items()},
            },
        )
    for gateway in scene.root.of("aws_nat_gateway"):
        yield _after(gateway, "aws_internet_gateway.main")


def _rules_out(scene: Scene, groups: list[str]) -> list[str]:
    return [
        rule.address
        for group in groups
        for rule in scene.root.where("aws_vpc_security_group_egress_rule", security_group_id=group)
    ]


def _after(resource: PlannedResource, address: str) -> Seen:
    return Seen.of(resource.address, {f"{address} may come later": not resource.is_after(address)})
