"""The target `docker`: a Dockerfile for each container, and a compose file that runs all of them on one machine."""

from cloudgen.stack.docker.stack import DockerStack, build

__all__ = ["DockerStack", "build"]
