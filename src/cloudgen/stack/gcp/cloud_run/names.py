"""The addresses of what runs on Cloud Run, by the container's name."""

from __future__ import annotations

from cloudgen.stack.base import Address, label


def worker_pool(container: str) -> Address:
    """The Cloud Run worker pool of a container without a port."""
    return Address("google_cloud_run_v2_worker_pool", label(container))


def run_job(container: str) -> Address:
    """The Cloud Run job of a container with a schedule."""
    return Address("google_cloud_run_v2_job", label(container))
