"""A deliberate defect for each rule of what lets the output survive edits, see `survival`."""

from __future__ import annotations

from rig.scanners.aws import survival as rules
from rig.scanners.tree import ScannerDefect as Defect

FIRST = "  lifecycle {\n    create_before_destroy = true\n  }\n"
RULE = 'resource "aws_lb_listener_rule" "path_api" {\n'
SERVICE = "  force_new_deployment = true\n"

# fmt: off
SURVIVAL_DEFECTS: tuple[Defect, ...] = (
    Defect(rules.created_first, "two-containers", "load_balancer.tf", RULE, RULE + FIRST),
    Defect(rules.created_first, "reference", "cache.tf", "  transit_encryption_enabled = true\n", FIRST),
    Defect(rules.created_first, "reference", "database.tf", "  skip_destroy = true\n",
           "  skip_destroy = true\n  tags = { Secret = local.orders_db_password_arn }\n"),
    Defect(rules.deferred_changes, "reference", "iam.tf", "local.orders_db_password_arn",
           "aws_db_instance.orders_db.master_user_secret[0].secret_arn"),
    Defect(rules.images_stay, "reference", "bootstrap/registry.tf", "[encryption_configuration]", "[tags]"),
    Defect(rules.left_behind, "reference", "database.tf", "skip_destroy = true", "skip_destroy = false"),
    Defect(rules.left_behind, "reference", "services.tf", "skip_destroy = true", "skip_destroy = false"),
    Defect(rules.one_writer, "reference", "services.tf", "[min_capacity, max_capacity]", "[min_capacity]"),
    Defect(rules.one_writer, "reference", "services.tf", "[desired_count]", "[tags]"),
    Defect(rules.known_by_themselves, "reference", "load_balancer.tf", "port                 = 80", "port = 8000"),
    Defect(rules.known_by_themselves, "two-containers", "load_balancer.tf", '"path_api"', '"api_api"'),
    Defect(rules.ordered, "reference", "load_balancer.tf", "aws_route.public_internet, ", ""),
    Defect(rules.ordered, "reference", "load_balancer.tf", "  depends_on = [aws_lb_listener.https]\n", ""),
    Defect(rules.ordered, "reference", "services.tf", SERVICE, ""),
)
