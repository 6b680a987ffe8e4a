"""The addresses by which the parts of the stack know each other; each block is rendered by the part it belongs to."""

from __future__ import annotations

from cloudgen.stack.base import Address, label

NETWORK = Address("google_compute_network", "main")
SUBNETWORK = Address("google_compute_subnetwork", "main")
"""The regional subnetwork that the containers, and the endpoints of caches, have their addresses in."""

NAT = Address("google_compute_router_nat", "main")
"""The way of the containers to the internet."""

SERVICES_RANGE = Address("google_compute_global_address", "services")
"""The range that is handed to Google for Cloud SQL (private service access)."""
SERVICES_CONNECTION = Address("google_service_networking_connection", "services")
"""The peering with Google's network: Cloud SQL cannot have a private address before it."""

URL_MAP = Address("google_compute_url_map", "main")
"""The routes of the load balancer; its metrics are labelled with the name of the URL map."""


def run_service(container: str) -> Address:
    """The Cloud Run service of a container with a port."""
    return Address("google_cloud_run_v2_service", label(container))


def worker_pool(container: str) -> Address:
    """The Cloud Run worker pool of a container without a port."""
    return Address("google_cloud_run_v2_worker_pool", label(container))


def run_job(container: str) -> Address:
    """The Cloud Run job of a container with a schedule."""
    return Address("google_cloud_run_v2_job", label(container))


def backend(container: str) -> Address:
    """The backend service of the load balancer that leads to a container."""
    return Address("google_compute_backend_service", label(container))
