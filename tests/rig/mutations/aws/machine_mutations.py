"""Mutations of what is rendered for machines on AWS."""

from __future__ import annotations

from rig.mutations.mutation import Check, Mutation

RULE, APPLY, FACT, BLIND_SPOT = Check.RULE, Check.APPLY, Check.FACT, Check.BLIND_SPOT
CASE, GROUP = "machines", "aws/virtual_machines/_group.tf.j2"
TEMPLATE = "aws_launch_template.web"

# fmt: off
MACHINES: tuple[Mutation, ...] = (
    Mutation("metadata-without-a-token", GROUP,
           'http_tokens                 = "required"', 'http_tokens                 = "optional"',
           CASE, BLIND_SPOT, f"{TEMPLATE}: metadata without a token"),
    Mutation("metadata-for-neighbours", GROUP,
           "http_put_response_hop_limit = 1", "http_put_response_hop_limit = 2",
           CASE, BLIND_SPOT, f"{TEMPLATE}: metadata without a token, or further than the machine"),
    Mutation("a-key-for-people", GROUP,
           "  update_default_version = true", '  update_default_version = true\n  key_name = "people"',
           CASE, BLIND_SPOT, f"{TEMPLATE}: a key"),
    Mutation("disk-in-the-clear", GROUP,
           "encrypted             = true", "encrypted             = false",
           CASE, BLIND_SPOT, f"{TEMPLATE}: a disk that is not encrypted"),
    Mutation("disk-by-another-key", GROUP,
           "      kms_key_id            = {{ stack.key.arn }}\n", "",
           CASE, BLIND_SPOT, f"{TEMPLATE}: a disk is not encrypted as the spec says"),
    Mutation("machines-without-labels", GROUP,
           "propagate_at_launch = true", "propagate_at_launch = false",
           CASE, BLIND_SPOT, "aws_autoscaling_group.web: machines without tags"),
    Mutation("health-that-nobody-tells", GROUP,
           "health_check_type         = {{ workload.health_check_type }}", 'health_check_type = "EC2"',
           CASE, BLIND_SPOT, "aws_autoscaling_group.web: health is not told by who knows it"),
    Mutation("containers-with-all-rights", "aws/virtual_machines.tf",
           '"--cap-drop=ALL",', '"--privileged",',
           CASE, BLIND_SPOT, f"{TEMPLATE}: without --cap-drop=ALL", times=2),
    Mutation("the-key-for-everybody", "aws/kms.tf.j2",
           '"aws:PrincipalArn"', '"aws:UserAgent"',
           CASE, BLIND_SPOT, "aws_kms_key.main: Machines lets", times=2),
    Mutation("user-data-in-the-clear", GROUP,
           'user_data = base64encode(join(', 'user_data = (join(',
           CASE, APPLY, "[user-data]"),
    Mutation("a-group-out-of-bounds", GROUP,
           "max_healthy_percentage = {{ workload.surge }}", "max_healthy_percentage = 250",
           CASE, RULE, "[group-maintenance]"),
    Mutation("a-clock-of-the-other-kind", GROUP,
           "recurrence             = {{ action.recurrence }}", 'recurrence = "cron(0 7 ? * MON *)"',
           CASE, RULE, "[group-clock]"),
    Mutation("group-before-its-permissions", GROUP,
           "depends_on = {{ workload.before }}", "depends_on = []",
           CASE, FACT, "grants_exist_before_their_users: web:"),
    Mutation("machines-in-public-subnets", GROUP,
           "{{ stack.network.private_subnets }}", "{{ stack.network.public_subnets }}",
           CASE, BLIND_SPOT, "aws_autoscaling_group.web: in a public subnet"),
)
# fmt: on
