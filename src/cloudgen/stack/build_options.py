"""What `docker build` is told of a Dockerfile of the user's own, the same on every cloud and in compose."""

from __future__ import annotations

from cloudgen.spec.containers import Container


def build_options(container: Container) -> tuple[str, ...]:
    """Return the options for the stage to build and for the values of ARG."""
    build = container.build
    if build is None or build.dockerfile is None:
        return ()
    target = ("--target", build.target) if build.target else ()
    return (*target, *(word for name, value in build.args.items() for word in ("--build-arg", f"{name}={value}")))
