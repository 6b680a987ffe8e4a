"""What a cloud can leave half made, and whether the next run of deploy.sh makes it well.

`BROKEN` has, by cloud and spec, an address for each type whose creation a cloud can begin and not finish. Most of them
Terraform marks as tainted. Some it forgets, while their names stay taken. A mark says that it does not get well today,
and what is said then; it is strict. Where deploy.sh mends something itself, the next run is deploy.sh as it was
rendered, else what it would do.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass

from rig.updates.deploying import Place, tail
from rig.updates.imagined import Imagined, TerraformError


@dataclass(frozen=True)
class Broken:
    """A resource that was left half made."""

    cloud: str
    spec: str
    address: str
    fails: str = ""
    """What the next run fails with today, after the review's number of the finding."""
    forgotten: bool = False
    """Whether the provider takes it out of the state, though it is there: Cloud SQL, whose creation failed."""


BROKEN: tuple[Broken, ...] = (
    Broken("gcp", "live", "google_cloud_run_v2_service.web"),
    Broken("gcp", "live", "google_cloud_run_v2_worker_pool.thumbs"),
    Broken("gcp", "live", "google_cloud_run_v2_job.nightly"),
    Broken("gcp", "live", "google_sql_database_instance.orders_db", forgotten=True),
    Broken("gcp", "web", "google_cloud_run_v2_service.web"),
    Broken("gcp", "web", "google_compute_backend_service.web"),
    Broken("gcp", "web", "google_compute_region_network_endpoint_group.web"),
    Broken("gcp", "web", "google_compute_global_forwarding_rule.http"),
    Broken("gcp", "web", "google_compute_router_nat.main"),
    Broken("gcp", "site", "google_certificate_manager_certificate.main"),
    Broken("gcp", "site", "google_certificate_manager_certificate_map_entry.main"),
    Broken("gcp", "data", "google_cloud_run_v2_worker_pool.worker"),
    Broken("gcp", "data", "google_cloud_run_v2_job.nightly"),
    Broken("gcp", "data", "google_memorystore_instance.sessions"),
    Broken("gcp", "data", "google_sql_database_instance.orders_db"),
    Broken("gcp", "data", "google_sql_database_instance.orders_db", forgotten=True),
    Broken("gcp", "events", "google_cloud_run_v2_service.web"),
    Broken("gcp", "events", "google_cloud_run_v2_service.mail"),
    Broken("gcp", "events", "google_cloud_run_v2_service.thumbs"),
    Broken("aws", "web", "aws_ecs_service.web"),
    Broken("aws", "web", "aws_ecs_service.thumbs"),
    Broken("aws", "web", "aws_lb.main"),
    Broken("aws", "web", 'aws_nat_gateway.main["eu-west-1a"]'),
    Broken("aws", "site", "aws_acm_certificate_validation.main"),
    Broken("aws", "data", "aws_db_instance.orders_db"),
    Broken("aws", "data", "aws_elasticache_replication_group.sessions"),
    Broken("aws", "data", "aws_scheduler_schedule.nightly"),
    Broken("aws", "functions", "aws_lambda_function.web"),
    Broken("aws", "functions", "aws_lambda_function.mail"),
    Broken("aws", "functions", "aws_lambda_function.thumbs"),
)


MENDS = "untaint"
"""A word of a deploy.sh that mends something itself."""


def heal(world: Imagined, broken: Broken) -> list[str]:
    """Break a resource and run the deployment again; return what is wrong then.

    Waits for nothing: the next run is to do it by itself, and the one after it has nothing to do.
    """
    world.run(".", *(("state", "rm") if broken.forgotten else ("taint",)), broken.address)
    if MENDS in (world.tree / "deploy.sh").read_text(encoding="utf-8"):
        done = deploy(world)
        if done.returncode != 0:
            return list(tail(done, 40))
    else:
        try:
            world.apply_again()
        except TerraformError as error:
            return [str(error)]
    return [f"a second plan changes {line}" for line in world.plan_again(["."]).lines()]


def deploy(world: Imagined) -> subprocess.CompletedProcess[str]:
    """Run deploy.sh in the working copy of the root module, with the images of before; terraform is the real one."""
    folder, memory = world.root, world.folder / "now" / "memory"
    shutil.rmtree(memory, ignore_errors=True)
    place = Place.make(folder, memory)
    shutil.copy(world.tree / "deploy.sh", folder)
    (folder / "images.auto.tfvars.json").write_text("{}")
    bootstrap = ("--skip-bootstrap",) if (world.tree / "bootstrap").is_dir() else ()
    images = ("--skip-images",) if "--skip-images" in (folder / "deploy.sh").read_text(encoding="utf-8") else ()
    world.setup.begin()
    environment = world.setup.environment("apply") | place.variables | {"TERRAFORM": shutil.which("terraform") or ""}
    return subprocess.run(
        ["sh", str(folder / "deploy.sh"), "--yes", *bootstrap, *images],
        env={**environment, "HOME": os.environ["HOME"]},
        capture_output=True,
        text=True,
        check=False,
    )
