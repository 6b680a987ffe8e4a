"""The rendered boot files start machines: pull, secrets, crash, loss of power, and power-off, on both clouds.

What is genuine: systemd, cloud-init, Docker and its log drivers, the AWS CLI, and all that Terraform tells the machine.
What stands in: Debian for Amazon Linux and Container-Optimized OS, a disk that user data lies on, the clouds' servers.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from rig.figures import Figures
from rig.machines.boot.image import make_image
from rig.machines.boot.proof import Seen, faults
from rig.machines.boot.trials import CLOUDS, WANTED, Defect, Trial, damaged, rendered
from rig.tools.toolbox import Require

pytestmark = [pytest.mark.docker, pytest.mark.terraform]

AT_ONCE = 3
"""Machines beside each other: most of the time they wait."""

RENDERED = [Trial(cloud, container) for cloud in CLOUDS for container in WANTED]
DEFECTS = [
    Trial(
        "aws",
        "web",
        (
            Defect("container.service", "Restart=always", "Restart=no", "it does not come back after a crash"),
            Defect(
                "var-lib-docker-containers.mount",
                "RequiredBy=docker.service containerd.service",
                "RequiredBy=another.service",
                "secret on the disk: docker/containers/",
            ),
            Defect("start.py", '"inspect", image', '"inspect", "another"', "it pulls its image again"),
            Defect(
                "start.py",
                'command += ["--env", name]',
                'command += ["--env", f"{name}={secrets[name]}"]',
                "secret on a command line",
            ),
            Defect(
                "start.py",
                "    secrets = {",
                '    Path("/opt/kept").write_text(secret(SETTINGS["secrets"]["SIGNING_KEY"]))\n    secrets = {',
                "secret read by others: /opt/kept",
            ),
        ),
    ),
    Trial(
        "gcp",
        "web",
        (
            Defect("container.service", "--time 30", "--time 1", "request in flight: None"),
            Defect(
                "start.sh",
                'secrets+=("${key#secret-}=$value")',
                'secrets+=("${key#secret-}=$(printf %q "$value")")',
                "SIGNING_KEY is",
            ),
            Defect("start.sh", "--read-only --tmpfs", "--tmpfs", "writable ['/app/cache', '/tmp']"),
            Defect("start.sh", "--security-opt no-new-privileges", "", "it can get new privileges"),
            Defect("start.sh", "--ulimit core=0", "", "its memory may be written to a core file"),
            Defect(
                "var-lib-containerd-io.containerd.metadata.v1.bolt.mount",
                "RequiredBy=docker.service containerd.service",
                "RequiredBy=another.service",
                "secret on the disk: changes/var/lib/containerd/io.containerd.metadata.v1.bolt/",
            ),
        ),
    ),
]
TRIALS = {trial.name: trial for trial in (*RENDERED, *DEFECTS)}


ASKED = {
    "aws": (
        *("PUT 169.254.169.254/latest/api/token", "/iam/security-credentials/machine", "GetAuthorizationToken"),
        *("GET of the registry", "GetSecretValue", "CreateLogStream", "PutLogEvents"),
    ),
    "gcp": (
        *("/attributes/container-image", "/service-accounts/default/token", "GET of the registry"),
        *("/secrets/press-staging-articles-password/versions/1:access", "WriteLogEntries"),
    ),
}
"""What a machine must have asked for, in part of the request's name."""


@pytest.fixture(scope="session")
def boots(
    request: pytest.FixtureRequest, require: Require, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[Seen]]]:
    """The machines that the selected tests name by their parameter `trial`, all begun at once."""
    require("terraform")
    base = require("machine")
    folder = tmp_path_factory.mktemp("boots")
    items = [item for item in request.session.items if isinstance(item, pytest.Function)]
    wanted = {str(item.callspec.params["trial"]) for item in items if "boots" in item.fixturenames}
    trials = [trial for name, trial in TRIALS.items() if name in wanted]
    image = make_image(base / "root")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = {
            cloud: pool.submit(rendered, cloud, folder / cloud, image) for cloud in {trial.cloud for trial in trials}
        }

        def run(trial: Trial) -> Seen:
            return trial.run(base, folder / trial.name, image, told[trial.cloud].result())

        yield {trial.name: pool.submit(run, trial) for trial in trials}


@pytest.mark.parametrize("trial", [trial.name for trial in RENDERED])
def test_a_machine_starts_and_stops(trial: str, boots: dict[str, Future[Seen]], figures: Figures) -> None:
    seen = boots[trial].result()
    found = faults(seen, WANTED[TRIALS[trial].container])
    assert not found, "\n".join((*found, f"in {seen.off:.1f} s", seen.logs[-3000:], seen.console[-6000:]))
    answered = f", request in flight answered {seen.in_flight}" if seen.in_flight else ""
    figures.tell(
        "Machines started",
        f"{trial}: power-on to healthy {seen.healthy:.1f} s, crash to healthy {seen.again:.1f} s, "
        f"power lost to healthy {seen.after_power_loss:.1f} s, power-off {seen.off:.1f} s{answered}; "
        f"files with secrets on the disk: {len(seen.written)}",
    )


@pytest.mark.parametrize("trial", [trial.name for trial in DEFECTS])
def test_defects_of_boot_files_are_found(trial: str, boots: dict[str, Future[Seen]], figures: Figures) -> None:
    """The test above can fail."""
    found = faults(boots[trial].result(), WANTED[TRIALS[trial].container])
    for defect in TRIALS[trial].defects:
        assert any(fault.startswith(defect.fault) for fault in found), (defect, found)
        figures.count("Machines started", **{"defects found": 1})


@pytest.mark.parametrize("trial", [trial.name for trial in RENDERED])
def test_the_cloud_answers_the_machine_alone(trial: str, boots: dict[str, Future[Seen]]) -> None:
    """The servers answer to its token only: the registry first refused, then handed out; nothing else was refused."""
    seen = boots[trial].result()
    for wanted in ASKED[TRIALS[trial].cloud]:
        assert any(wanted in each for each in seen.asked), wanted
    assert set(seen.refused) <= {"GET of the registry", "HEAD of the registry"}
    assert seen.refused, "a registry that asks for no token shows nothing"


def test_a_defect_must_fit_its_file() -> None:
    with pytest.raises(AssertionError, match="has no"):
        damaged('#cloud-config\n{"write_files": [{"path": "/a/b", "content": "c"}]}', Defect("b", "x", "y", ""))
