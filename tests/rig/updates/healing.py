"""What a cloud can leave half made: Terraform takes it as tainted, and the next run makes it anew.

`TAINTED` has, by cloud and spec, an address for each type whose creation a cloud can begin and not finish. A mark says
that it does not get well today, and what Terraform says then; it is strict.
"""

from __future__ import annotations

from dataclasses import dataclass

from rig.updates.imagined import Imagined, TerraformError


@dataclass(frozen=True)
class Tainted:
    """A resource that was left half made."""

    cloud: str
    spec: str
    address: str
    broken: str = ""
    """What the next run fails with today, after the review's number of the finding."""


TAINTED: tuple[Tainted, ...] = (
    Tainted("gcp", "live", "google_cloud_run_v2_service.web"),
    Tainted("gcp", "live", "google_cloud_run_v2_worker_pool.thumbs"),
    Tainted("gcp", "live", "google_cloud_run_v2_job.nightly", "H1: resourceInUseByAnotherResource"),
    Tainted("gcp", "web", "google_cloud_run_v2_service.web"),
    Tainted("gcp", "web", "google_compute_backend_service.web", "G1: [already-exists]"),
    Tainted("gcp", "web", "google_compute_region_network_endpoint_group.web", "G1: [already-exists]"),
    Tainted("gcp", "web", "google_compute_global_forwarding_rule.http"),
    Tainted("gcp", "web", "google_compute_router_nat.main"),
    Tainted("gcp", "data", "google_cloud_run_v2_worker_pool.worker"),
    Tainted("gcp", "data", "google_cloud_run_v2_job.nightly", "H1: resourceInUseByAnotherResource"),
    Tainted("gcp", "data", "google_memorystore_instance.sessions"),
    Tainted("gcp", "data", "google_sql_database_instance.orders_db", "G12: resourceInUseByAnotherResource"),
    Tainted("aws", "web", "aws_ecs_service.web"),
    Tainted("aws", "web", "aws_ecs_service.thumbs"),
    Tainted("aws", "web", "aws_lb.main"),
    Tainted("aws", "web", 'aws_nat_gateway.main["eu-west-1a"]'),
    Tainted("aws", "site", "aws_acm_certificate_validation.main"),
    Tainted("aws", "data", "aws_db_instance.orders_db"),
    Tainted("aws", "data", "aws_elasticache_replication_group.sessions"),
    Tainted("aws", "data", "aws_scheduler_schedule.nightly"),
)


def heal(world: Imagined, address: str) -> list[str]:
    """Taint a resource and run the deployment again; return what is wrong then.

    Waits for nothing: the next run is to do it by itself, and the one after it has nothing to do.
    """
    world.run(".", "taint", address)
    try:
        world.apply_again()
    except TerraformError as error:
        return [str(error)]
    return [f"a second plan changes {line}" for line in world.plan_again(["."]).lines()]
