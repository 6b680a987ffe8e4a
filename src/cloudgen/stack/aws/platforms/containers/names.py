"""The blocks that services and jobs both refer to."""

from __future__ import annotations

from cloudgen.stack.base import Address

CLUSTER = Address("aws_ecs_cluster", "main")
CAPACITY_PROVIDERS = Address("aws_ecs_cluster_capacity_providers", "main")
"""Services and schedules may only use capacity providers that their cluster has already."""
