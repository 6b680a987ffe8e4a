"""A rendered compose file, as it was rendered, brought up whole on the engine of the tests."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from cloudgen.pipeline import read_spec
from cloudgen.spec.containers import Container
from rig.containers.container import Docker
from rig.images.bases import images_of, with_stand_ins
from rig.trees.render import render


@dataclass(frozen=True)
class Composed:
    """An application's folder with `deploy/docker` rendered into it, and the commands on it."""

    docker: Docker
    program: Path
    """Docker Compose."""
    context: Path
    name: str
    containers: Mapping[str, Container]
    data: Mapping[str, Any]
    """The compose file."""

    @classmethod
    def of(cls, docker: Docker, program: Path, context: Path) -> Composed:
        """Render the folder's spec, and read what was made of it."""
        spec = context / "cloudgen.yaml"
        render(spec, "docker", context / "deploy" / "docker")
        deployment = read_spec(str(spec)).deployment
        data = yaml.safe_load((context / "deploy" / "docker" / "compose.yaml").read_text(encoding="utf-8"))
        return cls(docker, program, context, deployment.name, deployment.containers, data)

    @property
    def network(self) -> str:
        """The network that compose makes."""
        return f"{self.name}_default"

    def dockerfile(self, container: str) -> Path:
        """Return the Dockerfile of a container."""
        build: Mapping[str, str] = self.data["services"][container]["build"]
        return (self.context / "deploy" / "docker" / build["context"] / build["dockerfile"]).resolve()

    def tag(self, container: str) -> str:
        """Return the name under which compose looks for a container's image."""
        return str(self.data["services"][container].get("image", f"{self.name}-{container}"))

    def pulled(self) -> list[str]:
        """Return the images that come from elsewhere: below those that are built, and of the servers."""
        built = [image for name in self.containers for image in images_of(self.dockerfile(name).read_text("utf-8"))]
        servers = [service["image"] for service in self.data["services"].values() if "build" not in service]
        return list(dict.fromkeys([*built, *servers]))

    def build(self, container: str, tag: str | None = None, options: Sequence[str] = ()) -> str:
        """Build a container's image, under the name that compose looks for, and return BuildKit's log.

        Compose would build the same, but the tests' own engine has no network for builds other than the machine's.
        """
        folder = self.context / "deploy" / "docker"
        build = self.data["services"][container]["build"]
        context = folder / build["context"]
        target = ("--target", build["target"]) if "target" in build else ()
        arguments = [
            word
            for name, value in build.get("args", {}).items()
            for word in ("--build-arg", f"{name}={value.replace('$$', '$')}")
        ]
        files = {name: secret["file"] for name, secret in self.data.get("secrets", {}).items()}
        secrets = [
            word
            for name in build.get("secrets", ())
            for word in ("--secret", f"id={name},src={self.secret_file(files[name])}")
        ]
        options = (*target, *arguments, *secrets, *options)
        dockerfile = self.dockerfile(container)
        text = dockerfile.read_text(encoding="utf-8")
        dockerfile.write_text(with_stand_ins(self.docker.program, text), encoding="utf-8")
        return self.docker.build(context / build["dockerfile"], context, tag or self.tag(container), options)

    def secret_file(self, stated: str) -> str:
        """Return the file that compose takes a build secret from, where an environment names it."""
        found = re.fullmatch(r"\$\{(\w+):-\$HOME/(.+)\}", stated)
        assert found is not None
        return os.environ.get(found[1]) or str(Path.home() / found[2])

    def run(self, *arguments: str, given: str | None = None, timeout: int = 900) -> str:
        """Run a compose command, with a text as its input, and return its standard output; fails when it does."""
        run = subprocess.run(
            [self.docker.program, *arguments],
            cwd=self.context / "deploy" / "docker",
            env={**os.environ, "DOCKER_CLIENT": str(self.program)},
            input=given,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        if run.returncode != 0:
            raise AssertionError(f"compose {' '.join(arguments)} failed:\n{(run.stdout + run.stderr)[-5000:]}")
        return run.stdout

    def ask(self, *arguments: str, given: str | None = None) -> str:
        """Run a command that asks one of the servers. On a busy machine it may not be found by its name at once."""
        for last in (False, False, True):
            try:
                return self.run(*arguments, given=given)
            except AssertionError as error:
                if last or "Could not connect to the endpoint" not in str(error):
                    raise AssertionError(f"{error}\n{self.logs()}") from None
        raise AssertionError("the last try returns or raises")

    def up(self) -> None:
        """Start everything, each when what it waits for is ready; on failure, its log is told."""
        try:
            self.run("up", "--no-build", "--detach")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.logs()}") from None

    def logs(self) -> str:
        """Return the end of what everything has said."""
        return self.run("logs", "--no-color")[-5000:]

    def container(self, service: str) -> str:
        """Return the id of the container that runs a service, or ran it."""
        return self.run("ps", "--all", "--quiet", service).strip()

    def down(self) -> None:
        """Stop everything and delete its data."""
        self.run("down", "--volumes", "--timeout", "10")

    def left(self) -> list[str]:
        """Return the containers, volumes and networks that are the project's."""
        label = f"label=com.docker.compose.project={self.name}"
        kinds = (("ps", "--all"), ("volume", "ls"), ("network", "ls"))
        return [line for kind in kinds for line in self.docker.run(*kind, "--quiet", "--filter", label).split()]

    def environment(self, container: str) -> dict[str, str]:
        """Return what compose tells a container, with the variables of this machine put in as it does."""
        services = json.loads(self.run("--profile", "*", "config", "--format", "json"))["services"]
        # What compose prints is a compose file, too.
        return {key: value.replace("$$", "$") for key, value in services[container].get("environment", {}).items()}
