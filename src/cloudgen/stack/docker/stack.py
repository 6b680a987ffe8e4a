"""The whole stack of a deployment on one machine with Docker, and how it is put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from cloudgen.dataclass import dataclass
from cloudgen.errors import Problem, SpecError
from cloudgen.spec.deployment import Deployment
from cloudgen.stack.base import Address, Problems
from cloudgen.stack.commands import check_commands
from cloudgen.stack.docker.compose import Compose, compose
from cloudgen.stack.docker.image import Dockerfile, Ignore, dockerfile
from cloudgen.stack.docker.support import refuse_unsupported
from cloudgen.stack.held import Held, Mark, Removed
from cloudgen.stack.order import in_field_order
from cloudgen.stack.sharing import by_image
from cloudgen.stack.summary import SummaryRow


@dataclass(frozen=True)
class DockerStack:
    """Everything that the templates of the target `docker` read."""

    deployment: Deployment
    dockerfiles: tuple[Dockerfile, ...]
    compose: Compose
    warnings: Sequence[Problem] = ()

    @property
    def target(self) -> str:
        """The name in the registry."""
        return "docker"

    @property
    def identity(self) -> tuple[Mark, ...]:
        """The application."""
        return (Mark("name", self.deployment.name, ("name",)),)

    @property
    def held(self) -> tuple[Held, ...]:
        """Nothing: data on a developer's machine can be made again."""
        return ()

    @property
    def modules(self) -> Mapping[str, tuple[Address, ...]]:
        """None: there is no Terraform."""
        return {}

    def letting_go(self, removed: tuple[Removed, ...]) -> DockerStack:  # noqa: ARG002
        """The same stack: it holds nothing that could be let go."""
        return self

    @cached_property
    def ignores(self) -> tuple[Ignore, ...]:
        """What stays out of each build."""
        return tuple(
            Ignore(item.container, self.deployment.left_out(build.context))
            for item in self.dockerfiles
            if (build := self.deployment.containers[item.container].build_or_default)
        )

    @property
    def summary(self) -> Sequence[SummaryRow]:
        """The containers; what stands in for the cloud's services is in the compose file."""
        answers = {address.container: {"answers on": address.url} for address in self.compose.addresses}
        return tuple(
            SummaryRow("containers", name, "service of compose.yaml", answers.get(name, {}))
            for name in self.deployment.containers
        )

    @property
    def next_commands(self) -> Sequence[str]:
        """Build and run everything on this machine."""
        return ("docker compose up --build --detach", *self.job_commands)

    @property
    def job_commands(self) -> tuple[str, ...]:
        """Run each job once."""
        return tuple(f"docker compose run --rm --build {name}" for name in self.compose.jobs)


def build(deployment: Deployment) -> DockerStack:
    """Make every decision; raises `SpecError` with every problem when the spec asks for what Docker cannot do."""
    problems = Problems()
    refuse_unsupported(deployment, problems)
    check_commands(deployment, problems)
    composed = compose(deployment, problems)
    if problems.errors:
        raise SpecError(problems.errors)
    return DockerStack(
        deployment=deployment,
        dockerfiles=tuple(
            dockerfile(deployment, name, deployment.containers[name], together)
            for name, together in by_image(deployment).items()
            if deployment.containers[name].built
        ),
        compose=composed,
        warnings=in_field_order(problems.warnings, deployment),
    )
