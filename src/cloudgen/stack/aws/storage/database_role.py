"""The role by which RDS reports what the operating system of a server measures; all databases share it."""

from __future__ import annotations

from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Role, role


def monitoring_role(foundation: Foundation) -> Role:
    """Decide the role of enhanced monitoring.

    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html
    """
    return role(
        foundation.account,
        foundation.prefix,
        "rds-monitoring",
        "Writes the operating system metrics of databases",
        "monitoring.rds.amazonaws.com",
        (),
        managed_policies=(foundation.account.managed_policy("service-role/AmazonRDSEnhancedMonitoringRole"),),
    )
