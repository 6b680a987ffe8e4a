"""What stands in for a cloud's storage in a compose file: one of everything, made ready by setup.sh."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from images.conftest import Provide
from rig.containers.composed import Composed
from rig.containers.container import Docker, wait_for_health
from rig.tools.toolbox import Require
from rig.trees.golden import FOLDER

pytestmark = pytest.mark.docker

SERVERS = ("orders-db", "sessions", "buckets", "queues")
QUEUES = "http://queues:9324"


@pytest.fixture(scope="module")
def reference(
    docker: Docker, bases: Provide, require: Require, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Composed]:
    """The servers of the golden case that has every kind of storage, after setup.sh."""
    context = tmp_path_factory.mktemp("servers")
    shutil.copy(FOLDER / "reference" / "cloudgen.yaml", context)
    composed = Composed.of(docker, require("compose"), context)
    bases([composed.data["services"][name]["image"] for name in (*SERVERS, "setup")])
    try:
        composed.run("up", "--detach", *SERVERS, "setup")
        yield composed
    finally:
        composed.down()


def _aws(composed: Composed, *arguments: str) -> Any:
    """Run the AWS CLI beside the servers, as setup.sh does."""
    printed = composed.run("run", "--rm", "--no-deps", "--entrypoint", "aws", "setup", *arguments, "--output", "json")
    return json.loads(printed)


def test_setup_ends_well_any_number_of_times(reference: Composed) -> None:
    assert reference.docker.run("wait", reference.container("setup")).strip() == "0", reference.logs()
    reference.run("run", "--rm", "setup")


def test_the_bucket_keeps_old_versions(reference: Composed) -> None:
    found = _aws(reference, "s3api", "get-bucket-versioning", "--bucket", "shop-assets")
    assert found["Status"] == "Enabled"


def test_the_queue_is_that_of_the_spec(reference: Composed) -> None:
    address = reference.data["services"]["web"]["environment"]["JOBS_QUEUE"]
    sqs = ("--endpoint-url", QUEUES, "sqs")
    found = _aws(reference, *sqs, "get-queue-attributes", "--queue-url", address, "--attribute-names", "All")
    attributes = found["Attributes"]
    assert (attributes["VisibilityTimeout"], attributes["MessageRetentionPeriod"]) == ("120", str(7 * 24 * 60 * 60))
    redrive = json.loads(attributes["RedrivePolicy"])
    assert int(redrive["maxReceiveCount"]) == 5
    assert redrive["deadLetterTargetArn"].endswith(":jobs_dead_letters")


@pytest.mark.parametrize("server", ["orders-db", "sessions", "buckets"])
def test_a_server_is_healthy(reference: Composed, server: str) -> None:
    assert wait_for_health(reference.docker, reference.container(server)) == "healthy", reference.logs()
