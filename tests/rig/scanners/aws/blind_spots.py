"""What checkov cannot see on AWS: each rule yields what is wrong with a rendered tree.

checkov 3.3 does not read the policy of a key beyond its principal, nor container definitions beyond a few switches; it
knows neither whose role is whose, nor which security group is the balancer's, nor what the spec says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from rig.scanners.aws.policies import (
    action_wildcards,
    key_policies,
    plain_http,
    resource_policies,
    role_trust,
)
from rig.scanners.aws.survival import SURVIVAL
from rig.scanners.tree import Rule, Tree
from rig.trees.hcl import encoded

PUBLIC_PORTS = (80, 443)
ANYWHERE = ("0.0.0.0/0", "::/0")
ROOT = re.compile(r"(0|root)(:.*)?")
SECRET = re.compile(r"PASSWORD|PASSPHRASE|SECRET|TOKEN|CREDENTIAL|(API|PRIVATE|ACCESS)_?KEY")
"""Names of environment variables that hold secrets."""
STORED = re.compile(
    r"\$\{aws_(secretsmanager_secret\.\w+\.arn|db_instance\.\w+\.master_user_secret\[0\]\.secret_arn)\}"
)
"""How a value that stands in Secrets Manager is named."""

KEY = "${aws_kms_key.main.arn}"
ENCRYPTED = (
    ("aws_cloudtrail", "kms_key_id"),
    ("aws_cloudwatch_log_group", "kms_key_id"),
    ("aws_config_delivery_channel", "s3_kms_key_arn"),
    ("aws_db_instance", "kms_key_id"),
    ("aws_efs_file_system", "kms_key_id"),
    ("aws_elasticache_replication_group", "kms_key_id"),
    ("aws_secretsmanager_secret", "kms_key_id"),
    ("aws_sns_topic", "kms_master_key_id"),
    ("aws_sqs_queue", "kms_master_key_id"),
)
"""Where a resource names its key."""


def containers(tree: Tree) -> Iterator[str]:
    """Containers have no privileges, are not root, write where the spec lets them, and their output is kept."""
    for task in tree.of("aws_ecs_task_definition"):
        for container in encoded(task.body["container_definitions"]):
            spec = tree.deployment.containers[container["name"]]
            if container.get("privileged", False):
                yield f"{task.address}: privileged"
            if container.get("readonlyRootFilesystem") is not spec.is_read_only:
                yield f"{task.address}: readonlyRootFilesystem is not what the spec says"
            # Without a user, the image says who runs.
            if ROOT.fullmatch(str(container.get("user", "nobody"))):
                yield f"{task.address}: runs as root"
            if "capabilities" in container.get("linuxParameters", {}):
                yield f"{task.address}: has capabilities of its own"
            group = container.get("logConfiguration", {}).get("options", {}).get("awslogs-group", "")
            if not group.startswith("${aws_cloudwatch_log_group."):
                yield f"{task.address}: its output is lost"


AGENT = "ECS_CLUSTER="
"""What user data has where the agent of ECS runs on the machine."""


def machines(tree: Tree) -> Iterator[str]:
    """Machines give metadata for a token only, have no key and no public address, and their health is told."""
    for template in tree.of("aws_launch_template"):
        metadata = (template.body.get("metadata_options") or [{}])[0]
        if metadata.get("http_tokens") != "required" or metadata.get("http_put_response_hop_limit") != 1:
            yield f"{template.address}: metadata without a token, or further than the machine"
        if "key_name" in template.body or "network_interfaces" in template.body:
            yield f"{template.address}: a key, or interfaces of its own"
    for group in tree.of("aws_autoscaling_group"):
        told = group.body.get("health_check_type") == "ELB"
        if told is not bool(group.body.get("target_group_arns")):
            yield f"{group.address}: health is not told by who knows it"
        if not all(tag.get("propagate_at_launch") is True for tag in group.body.get("tag", [{}])):
            yield f"{group.address}: machines without tags"


def disks(tree: Tree) -> Iterator[str]:
    """The disks of machines are encrypted, as the spec says."""
    for template in tree.of("aws_launch_template"):
        found = [each["ebs"][0] for each in template.body.get("block_device_mappings", []) if each.get("ebs")]
        if not found or any(disk.get("encrypted") is not True for disk in found):
            yield f"{template.address}: a disk that is not encrypted"
        if any(disk.get("kms_key_id") != (KEY if tree.own_key else None) for disk in found):
            yield f"{template.address}: a disk is not encrypted as the spec says"


def user_data(tree: Tree) -> Iterator[str]:
    """What a machine is told leaves the container without rights, and has no value that is called a secret."""
    for template in tree.of("aws_launch_template"):
        text = str(template.body.get("user_data"))
        if AGENT in text:
            continue  # The agent of ECS starts containers there, by their task definitions: the rule `pools`.
        for option in ("--cap-drop=ALL", "--security-opt=no-new-privileges"):
            if option not in text:
                yield f"{template.address}: without {option}"
        for name in re.findall(r"(\w+) *[=:] *\"", text.partition("environment")[2].partition("secrets")[0]):
            if SECRET.search(name):
                yield f"{template.address}: {name} is written out"


def pools(tree: Tree) -> Iterator[str]:
    """Tasks on shared machines never have the machine's role, and no machine ends below them."""
    grouped = {group.address: group for group in tree.of("aws_autoscaling_group")}
    for template in tree.of("aws_launch_template"):
        text = str(template.body.get("user_data"))
        if AGENT in text and "ECS_AWSVPC_BLOCK_IMDS=true" not in text:
            yield f"{template.address}: tasks may have the machine's role"
    for provider in tree.of("aws_ecs_capacity_provider"):
        for block in provider.body["auto_scaling_group_provider"]:
            group = grouped[block["auto_scaling_group_arn"].removeprefix("${").removesuffix(".arn}")]
            if group.body.get("protect_from_scale_in") is not True:
                yield f"{group.address}: a machine may end below its tasks"
            if group.body.get("force_delete") is not True:
                yield f"{group.address}: terraform destroy waits for protected machines"
            for part in ("managed_termination_protection", "managed_draining"):
                if block.get(part) != "ENABLED":
                    yield f"{provider.address}: {part} is off"
            if not all(each.get("status") == "ENABLED" for each in block.get("managed_scaling") or [{}]):
                yield f"{provider.address}: nothing starts machines for its tasks"


def literal_secrets(tree: Tree) -> Iterator[str]:
    """What is called a secret comes from Secrets Manager: who may see a task definition sees its variables."""
    for task in tree.of("aws_ecs_task_definition"):
        for container in encoded(task.body["container_definitions"]):
            for variable in container.get("environment", []):
                if SECRET.search(variable["name"]):
                    yield f"{task.address}: {variable['name']} is written out"
            for secret in container.get("secrets", []):
                if not STORED.match(secret["valueFrom"]):
                    yield f"{task.address}: {secret['name']} is not from Secrets Manager"


def values_in_the_state(tree: Tree) -> Iterator[str]:
    """No value of a secret reaches the state: AWS makes it, or it is handed over by arguments that are only written."""
    for resource in tree.of("random_password", "tls_private_key", "aws_iam_access_key"):
        yield f"{resource.address}: the state would hold its value"
    for type_, argument in (
        ("aws_secretsmanager_secret_version", "secret_string"),
        ("aws_db_instance", "password"),
        ("aws_elasticache_replication_group", "auth_token"),
    ):
        for resource in tree.of(type_):
            if argument in resource.body:
                yield f"{resource.address}: the state would hold {argument}"


def separate_roles(tree: Tree) -> Iterator[str]:
    """A container has two roles, and shares neither: what starts it reads its secrets, the application need not."""
    users: Counter[str] = Counter()
    for task in tree.of("aws_ecs_task_definition"):
        roles = (str(task.body.get("execution_role_arn", "")), str(task.body.get("task_role_arn", "")))
        if not all(role.startswith("${aws_iam_role.") for role in roles):
            yield f"{task.address}: roles {roles}"
        users.update(roles)
    yield from (f"{role}: of {count} purposes" for role, count in users.items() if count > 1)


def open_ports(tree: Tree) -> Iterator[str]:
    """From anywhere one reaches the balancer, on the ports of HTTP and HTTPS, and nothing else."""
    balancers = {group for balancer in tree.of("aws_lb") for group in balancer.body.get("security_groups", [])}
    for rule in tree.of("aws_vpc_security_group_ingress_rule"):
        if not {rule.body.get("cidr_ipv4"), rule.body.get("cidr_ipv6")} & set(ANYWHERE):
            continue
        port = rule.body.get("from_port")
        if rule.body["security_group_id"] not in balancers:
            yield f"{rule.address}: anywhere reaches {rule.body['security_group_id']}"
        if port not in PUBLIC_PORTS or rule.body.get("to_port") != port or rule.body.get("ip_protocol") != "tcp":
            yield f"{rule.address}: more than one of the ports {PUBLIC_PORTS}"
    for resource in tree.of("aws_security_group", "aws_default_security_group"):
        if {"ingress", "egress"} & resource.body.keys():
            yield f"{resource.address}: rules that the other rules do not know of"
    yield from (f"{rule.address}: a rule of the older kind" for rule in tree.of("aws_security_group_rule"))


def public_subnets(tree: Tree) -> Iterator[str]:
    """In the public subnets stand the balancer and the ways out, and nothing that runs or stores."""
    allowed = ("aws_lb", "aws_nat_gateway", "aws_route_table_association", "aws_subnet")
    for resource in tree.resources:
        if resource.type not in allowed and "aws_subnet.public" in str(resource.body):
            yield f"{resource.address}: in a public subnet"


def encryption(tree: Tree) -> Iterator[str]:
    """With a key of one's own everything is encrypted with it; without one, nothing names a key."""
    wanted = KEY if tree.own_key else None
    for type_, argument in ENCRYPTED:
        for resource in tree.of(type_):
            # What stands in another region cannot be encrypted with the key of this one.
            there = None if "provider" in resource.body else wanted
            if resource.body.get(argument) != there:
                yield f"{resource.address}: {argument} is {resource.body.get(argument)}"
    for resource in tree.of("aws_ecr_repository"):
        if resource.body.get("encryption_configuration", [{}])[0].get("kms_key") != wanted:
            yield f"{resource.address}: not encrypted as the spec says"
    for bucket in tree.of("aws_s3_bucket_server_side_encryption_configuration"):
        default = bucket.body["rule"][0]["apply_server_side_encryption_by_default"][0]
        # The services that deliver logs know S3's own key only.
        key = None if bucket.label == "access_logs" else wanted
        if default.get("kms_master_key_id") != key or default["sse_algorithm"] != ("aws:kms" if key else "AES256"):
            yield f"{bucket.address}: {default}"


def deletion(tree: Tree) -> Iterator[str]:
    """`security.deletion_protection` holds for everything that data is lost with, in words of each resource's own."""
    for type_, argument, protected in (
        ("aws_s3_bucket", "force_destroy", False),
        ("aws_ecr_repository", "force_delete", False),
        ("aws_db_instance", "deletion_protection", True),
        ("aws_db_instance", "skip_final_snapshot", False),
        ("aws_db_instance", "delete_automated_backups", False),
        ("aws_lb", "enable_deletion_protection", True),
    ):
        for resource in tree.of(type_):
            if resource.body.get(argument) is not (protected is tree.protected):
                yield f"{resource.address}: {argument} is {resource.body.get(argument)}"
    for secret in tree.of("aws_secretsmanager_secret"):
        if bool(secret.body.get("recovery_window_in_days")) is not tree.protected:
            yield f"{secret.address}: recovery_window_in_days is {secret.body.get('recovery_window_in_days')}"


def state_stays(tree: Tree) -> Iterator[str]:
    """With `security.deletion_protection`, and only then, Terraform keeps state, audit record and kept folders.

    A file system has no protection of its own.
    """
    buckets = [bucket for bucket in tree.of("aws_s3_bucket") if bucket.label in ("state", "audit")]
    for resource in (*buckets, *tree.of("aws_efs_file_system")):
        stays = (resource.body.get("lifecycle") or [{}])[0].get("prevent_destroy") is True
        if stays is not tree.protected:
            yield f"{resource.address}: terraform {'may not' if stays else 'may'} destroy it"


def mounted_files(tree: Tree) -> Iterator[str]:
    """An access point makes everybody one user without root's rights, below a folder; nobody mounts without one."""
    for point in tree.of("aws_efs_access_point"):
        user, root = point.body["posix_user"][0], point.body["root_directory"][0]
        if not user["uid"] or not user["gid"] or root["path"] == "/":
            yield f"{point.address}: root, or everything"
    for task in tree.of("aws_ecs_task_definition"):
        for volume in task.body.get("volume", []):
            for mounted in volume.get("efs_volume_configuration", []):
                by = (mounted.get("authorization_config") or [{}])[0]
                if not by.get("access_point_id") or by.get("iam") != "ENABLED":
                    yield f"{task.address}: mounts {volume['name']} as nobody, or from its root on"


def private_buckets(tree: Tree) -> Iterator[str]:
    """Every bucket has what keeps it private, each of the four, and no access control list."""
    blocks = {block.body["bucket"]: block for block in tree.of("aws_s3_bucket_public_access_block")}
    for bucket in tree.of("aws_s3_bucket"):
        block = blocks.get(f"${{{bucket.address}.id}}")
        if block is None or not all(block.body.get(switch) is True for switch in PRIVATE):
            yield f"{bucket.address}: may become public"
    yield from (f"{acl.address}: an access control list" for acl in tree.of("aws_s3_bucket_acl"))


YEAR = 365
"""Days that the audit record is kept at least."""


def audit_record(tree: Tree) -> Iterator[str]:
    """The record is kept for a year, and whatever its log is searched for has an alarm that tells somebody."""
    for lifecycle in tree.of("aws_s3_bucket_lifecycle_configuration"):
        rule = lifecycle.body["rule"][0]
        if lifecycle.label == "audit" and rule.get("expiration", [{}])[0].get("days", 0) < YEAR:
            yield f"{lifecycle.address}: the record ends within a year"
    watched = {
        (alarm.body.get("namespace"), alarm.body.get("metric_name"))
        for alarm in tree.of("aws_cloudwatch_metric_alarm")
        if alarm.body.get("alarm_actions") == ["${aws_sns_topic.alerts.arn}"]
    }
    for item in tree.of("aws_cloudwatch_log_metric_filter"):
        counted = item.body["metric_transformation"][0]
        if (counted["namespace"], counted["name"]) not in watched:
            yield f"{item.address}: counts what nobody hears of"


REPLACED = (
    "aws_acm_certificate",
    "aws_db_parameter_group",
    "aws_lb_target_group",
    "aws_security_group",
    "aws_subnet",
)
"""What AWS does not delete while something uses it, and what changes only by being replaced."""


def replaceable(tree: Tree) -> Iterator[str]:
    """What others use is replaced by a new one before the old one goes, and its name leaves room for both."""
    for resource in tree.of(*REPLACED):
        if (resource.body.get("lifecycle") or [{}])[0].get("create_before_destroy") is not True:
            yield f"{resource.address}: is destroyed while it is used"
        if "name" in resource.body:
            yield f"{resource.address}: a new one would need its name"


PRIVATE = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")

RULES: tuple[Rule, ...] = (
    key_policies,
    role_trust,
    action_wildcards,
    resource_policies,
    plain_http,
    separate_roles,
    containers,
    machines,
    disks,
    user_data,
    pools,
    literal_secrets,
    values_in_the_state,
    open_ports,
    public_subnets,
    encryption,
    deletion,
    private_buckets,
    replaceable,
    state_stays,
    mounted_files,
    audit_record,
    *SURVIVAL,
)
