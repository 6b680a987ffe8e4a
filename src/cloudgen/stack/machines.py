"""What holds for virtual machines on every cloud: a machine runs one container, by Docker, with an identity of its own.

Each cloud has the rest in `stack/<cloud>/platforms/virtual_machines/`.
"""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import Problems, Ref, Template, join
from cloudgen.stack.folders import check_folders, refuse_kept
from cloudgen.stack.parity import Table, exact, ignored, in_some_cases, unsupported
from cloudgen.stack.workload import Wanted

TMP = "mode=1777"
"""Options of the file system in memory at /tmp: everybody may write, and delete what is their own."""

STOP_TIMEOUT = 30
"""Seconds that a container has to finish after SIGTERM, the same as on Fargate."""

RESTART_PAUSE = 5
"""Seconds between the end of a container and its next start."""

DOCKER_CLIENT = (
    "DOCKER_API_VERSION",
    "DOCKER_CERT_PATH",
    "DOCKER_CONFIG",
    "DOCKER_CONTEXT",
    "DOCKER_HOST",
    "DOCKER_TLS_VERIFY",
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
    "PATH",
)
"""Variables that the program which starts the container reads itself: no secret can have such a name.

A secret reaches the container by the environment of that program: it stands on no command line and in no file.
https://docs.docker.com/reference/cli/docker/#environment-variables
"""


@dataclass(frozen=True)
class MemoryFolder:
    """A folder of a machine that lies in memory: a unit of systemd mounts it before Docker starts."""

    path: str
    """Without a dash, which the unit's name would have to escape."""
    description: str

    @property
    def unit(self) -> str:
        """The name of the unit, which systemd wants to be that of the folder.

        https://www.freedesktop.org/software/systemd/man/latest/systemd.mount.html
        """
        return f"{self.path.strip('/').replace('/', '-')}.mount"

    @property
    def place(self) -> str:
        """Where the unit lies on a machine."""
        return f"/etc/systemd/system/{self.unit}"

    @property
    def output(self) -> str:
        """The file of the output that has the unit."""
        return f"machine/{self.unit}"

    @property
    def source(self) -> Template:
        """The same file, as Terraform finds it."""
        return join(Ref("path.module"), f"/{self.output}")


MEMORY_FOLDERS = (
    MemoryFolder("/var/lib/docker/containers", "What Docker knows of containers, in memory"),
    MemoryFolder(
        "/var/lib/containerd/io.containerd.metadata.v1.bolt", "What containerd knows of containers, in memory"
    ),
)
"""Where Docker and containerd write down what they run, the environment with it. Images lie elsewhere, on the disk.

https://docs.docker.com/engine/daemon/#daemon-data-directory,
https://github.com/containerd/containerd/blob/main/docs/ops.md
"""


def refuse_secret_names(container: Wanted, problems: Problems) -> None:
    """Record a problem for each secret whose variable the program that starts the container reads itself."""
    for name in container.spec.secrets:
        if name in DOCKER_CLIENT:
            problems.error(
                "reserved-name",
                f"on a machine {name} is read by the program that starts the container",
                ("containers", container.name, "secrets", name),
                "give the variable another name",
            )


def check_writable(container: Wanted, problems: Problems) -> None:
    """Record a problem for each folder of `writable` that stands there twice, or whose files shall stay."""
    check_folders(container, problems)
    refuse_kept(container, "the disk of a machine goes with the machine", problems)


def parity(cloud: str) -> Table:
    """What the platform `virtual_machines` does alike on every cloud; `cloud` is the name of the target."""
    capacity = exact(
        "instances are on demand; spot may be interrupted",
        spot_instances=exact("the same as spot"),
        serverless=ignored(
            "a virtual machine is rented as long as it runs: it is on demand", "remove it, or write capacity: spot"
        ),
    )
    dockerfile = exact("in the Dockerfile, which is the same for every target")
    built = ("python", "package_manager", "app", "interface", "packages", "build_packages", "requirements", "extras")
    front = tuple(f"front_end.{each}" for each in ("folder", "node", "package_manager", "script"))
    build = (*built, *front, "groups", "member", "index.url", "index.default", "workdir", "python_path", "steps")
    return {
        "compute.capacity": capacity,
        "containers.*.capacity": capacity,
        "compute.kubernetes": unsupported(
            f"a cluster of Kubernetes is not supported on {cloud} yet", "remove the section"
        ),
        "containers.*.build.context": exact("the folder that deploy.sh builds the image from"),
        **{f"containers.*.build.{field}": dockerfile for field in build},
        "containers.*.dockerfile": exact("deploy.sh builds the image from it, and pushes it to the registry"),
        "containers.*.command": exact("the command of docker run"),
        "containers.*.user": exact("the user of docker run"),
        "containers.*.read_only": exact("docker run --read-only, with /tmp in memory"),
        "containers.*.writable": in_some_cases(
            "unsupported", "a volume of Docker, which begins with what the image has there; it goes with the container"
        ),
        "containers.*.egress.port": exact("rules of the network, by TCP"),
        "containers.*.egress.to": exact("the range that the rule leads to"),
        "containers.*.build.dockerfile": exact("deploy.sh builds the image from it, and pushes it to the registry"),
        "containers.*.build.target": exact("an option of docker build in deploy.sh"),
        "containers.*.build.index.login": exact("a build secret that deploy.sh hands to docker build"),
        "containers.*.build.args": exact("options of docker build in deploy.sh"),
        "containers.*.release": unsupported(
            f"a release command of what runs on virtual_machines is not supported on {cloud} yet",
            "give it to a container with platform: containers, or run it from your pipeline",
        ),
        "containers.*.replicas": unsupported(
            f"exactly_one cannot be done on {cloud} with virtual_machines: new machines start before old ones go",
            "let the program hold a lock, such as pg_advisory_lock, and write scaling: {min: 1, max: 1} instead",
        ),
        "containers.*.port": exact("the port of the machine, which has one container"),
        "containers.*.environment": exact("the environment of docker run"),
        "containers.*.secrets": exact(
            "fetched with the machine's identity when the container starts; in no file of its disk"
        ),
        "containers.*.schedule": unsupported(
            f"a scheduled job on virtual_machines cannot be done on {cloud}: every machine of a group would run it",
            "write platform: containers for this container",
        ),
        "containers.*.trigger": unsupported(
            f"a trigger cannot be done on {cloud} with virtual_machines: no event starts a machine",
            "remove platform: virtual_machines, or let a worker consume a queue",
        ),
    }
