"""The golden cases' Dockerfiles, each text once, and what it takes to build them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cloudgen.pipeline import read_spec
from cloudgen.spec.containers import Container
from cloudgen.stack.sharing import images
from rig.containers.applications import write_application, write_command
from rig.containers.container import Docker
from rig.containers.locking import lock
from rig.images.bases import with_stand_ins
from rig.trees.golden import golden_cases


@dataclass(frozen=True)
class ImageCase:
    """A Dockerfile, with the container of the spec that it was rendered from."""

    name: str
    dockerfile: Path
    container: Container
    jobs: Mapping[str, Container]
    """The jobs that run the image with a command of their own, by the spec's names."""

    @property
    def tag(self) -> str:
        """The image's name."""
        return f"cloudgen-test/{self.name}"

    @property
    def package_manager(self) -> str:
        """Whose lock pins the packages."""
        build = self.container.build_or_default
        return build.package_manager if build else "pip"

    def write(self, folder: Path, docker: Docker) -> Path:
        """Write all that a build reads; return the Dockerfile, which lies in the context as a user's does."""
        write_application(self.container, folder)
        for job in self.jobs.values():
            write_command(job, self.package_manager, folder)
        lock(docker, self.package_manager, folder)
        for file in (self.dockerfile, self.dockerfile.with_name(f"{self.dockerfile.name}.dockerignore")):
            (folder / "deploy" / "docker").mkdir(parents=True, exist_ok=True)
            shutil.copy(file, folder / "deploy" / "docker")
        written = folder / "deploy" / "docker" / self.dockerfile.name
        written.write_text(with_stand_ins(docker.program, written.read_text(encoding="utf-8")), encoding="utf-8")
        return written


def image_cases() -> dict[str, ImageCase]:
    """Return the cases by name, `reference-web`; Dockerfiles that are the same to the byte make one case."""
    found: dict[str, ImageCase] = {}
    for case in golden_cases("docker"):
        deployment = read_spec(str(case.spec)).deployment
        owners = images(deployment)
        for dockerfile in sorted(case.tree("docker").glob("*.Dockerfile")):
            owner = dockerfile.stem
            jobs = {
                name: container
                for name, container in deployment.containers.items()
                # One without a command is a function, which serves.
                if container.kind == "job" and container.command is not None and owners.get(name) == owner
            }
            made = ImageCase(f"{case.name}-{owner}", dockerfile, deployment.containers[owner], jobs)
            found.setdefault(dockerfile.read_text(encoding="utf-8"), made)
    return {case.name: case for case in found.values()}
