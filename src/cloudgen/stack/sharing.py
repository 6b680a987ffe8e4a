"""Which containers run one image: those whose builds agree. Web, worker, scheduler and jobs are commands of it.

An image has the name of one of its containers, the first that serves, so that a container alone has one of its own name
and a worker that joins changes nothing for it. Only what stands in the image has to agree: a container with a command
of its own needs neither `app` nor `interface`, and what its `build` leaves out is as in the other's.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from cloudgen.spec.build import Build
from cloudgen.spec.containers import Container
from cloudgen.spec.deployment import Deployment
from cloudgen.stack.contract import IMAGE_USER

OF_THE_COMMAND = frozenset({"app", "interface"})
"""Fields of `build` that only say what the image runs where nobody says otherwise."""


def images(deployment: Deployment) -> Mapping[str, str]:
    """Return the name of the image of each container that does not bring one: that of the container it is made for."""
    made = [name for name, container in deployment.containers.items() if container.image is None]
    # Those that serve come first: their command is the image's own.
    serving = [name for name in made if deployment.containers[name].command is None]
    others = [name for name in made if deployment.containers[name].command is not None]
    owners: dict[object, list[str]] = {}
    found: dict[str, str] = {}
    for name in (*serving, *others):
        near = owners.setdefault(_source(deployment, name), [])
        own = deployment.containers[name]
        owner = next((other for other in near if _agree(own, deployment.containers[other])), name)
        if owner == name:
            near.append(name)
        found[name] = owner
    return {name: found[name] for name in made}


def by_image(deployment: Deployment) -> Mapping[str, tuple[Container, ...]]:
    """Return the containers that run each image."""
    found: dict[str, tuple[Container, ...]] = {}
    for name, owner in images(deployment).items():
        found[owner] = (*found.get(owner, ()), deployment.containers[name])
    return found


def _source(deployment: Deployment, name: str) -> object:
    """What images that are one have in common at the least: the files, the user, and the processor."""
    container = deployment.containers[name]
    build = container.build_or_default
    files = (container.own_dockerfile, posixpath.normpath(build.context) if build else None)
    user = container.user or (IMAGE_USER if container.built else None)
    return (files, user, deployment.architecture(container))


def _agree(own: Container, its: Container) -> bool:
    """Whether a container can run the image of another one of the same source."""
    if not own.built:
        return own.build == its.build
    if own.command is None and _served(own) != _served(its):
        return False
    return _fits(own.build or Build(), its.build or Build(), has_command=own.command is not None)


def _fits(own: Build, its: Build, *, has_command: bool) -> bool:
    stated = own.model_fields_set - OF_THE_COMMAND if has_command else type(own).model_fields.keys()
    return all(getattr(own, field) == getattr(its, field) for field in stated - {"context"})


def _served(container: Container) -> object:
    """What of a container that serves stands in its image: port and check, and how large it is."""
    return (container.command, container.port, container.health_check, container.size, container.cpu, container.memory)
