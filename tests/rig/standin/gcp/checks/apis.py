"""Which API a resource needs: it must be enabled, and an API that was just enabled needs a moment."""

from __future__ import annotations

from collections.abc import Iterator

from rig.standin.cloud import Cloud, Thing
from rig.standin.configuration import Configuration
from rig.standin.shapes import duration
from rig.standin.violation import Violation

API_OF = {
    "google_artifact_registry_": "artifactregistry",
    "google_binary_authorization_": "binaryauthorization",
    "google_certificate_manager_": "certificatemanager",
    "google_cloud_run_v2_": "run",
    "google_cloud_scheduler_": "cloudscheduler",
    "google_cloudfunctions2_": "cloudfunctions",
    "google_compute_": "compute",
    "google_container_": "container",
    "google_dns_": "dns",
    "google_eventarc_": "eventarc",
    "google_gke_hub_": "gkehub",
    "google_iam_workload_identity_": "iam",
    "google_kms_": "cloudkms",
    "google_logging_": "logging",
    "google_memorystore_": "memorystore",
    "google_monitoring_": "monitoring",
    "google_network_connectivity_": "networkconnectivity",
    "google_os_config_": "osconfig",
    "google_project_iam_custom_role": "iam",
    "google_pubsub_": "pubsub",
    "google_redis_": "redis",
    "google_secret_manager_": "secretmanager",
    "google_service_account": "iam",
    "google_service_networking_": "servicenetworking",
    "google_sql_": "sqladmin",
    "google_storage_": "storage",
    "google_vpc_access_": "vpcaccess",
}
"""Type prefixes. Service Usage and Resource Manager must be on before Terraform starts, so they are not here."""
SETTLING_SECONDS = 30


def needed_api(resource_type: str) -> str | None:
    """Return the API that serves a type, None for what is always on."""
    name = next((api for prefix, api in API_OF.items() if resource_type.startswith(prefix)), None)
    return f"{name}.googleapis.com" if name else None


def enabled(resource: Configuration, cloud: Cloud) -> Thing | None:
    """Return the `google_project_service` that turned the resource's API on."""
    api = needed_api(resource.type)
    return cloud.find(f"{resource.project}/{api}", "google_project_service") if api else None


def api_enabled(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """The API is on."""
    api = needed_api(resource.type)
    if api is None:
        return
    service = enabled(resource, cloud)
    if service is None:
        yield Violation((), f"403 SERVICE_DISABLED: {api} has not been used in project {resource.project}")
    else:
        cloud.rely(service)


def api_settled(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """An API that this apply turned on is waited for with a `time_sleep`."""
    service = enabled(resource, cloud)
    if service is None or service.run != cloud.run():
        return
    sleeps = [
        sleep
        for sleep in cloud.all("time_sleep")
        if sleep.order > service.order and (clock(sleep.get("create_duration")) or 0) >= SETTLING_SECONDS
    ]
    if not sleeps:
        yield Violation(
            (), f"{service.get('service')} was enabled a moment ago: wait {SETTLING_SECONDS} s or more first"
        )
    else:
        # A sleep that comes later is for something else.
        cloud.rely(min(sleeps, key=lambda sleep: sleep.order))


def clock(text: object) -> float | None:
    """Return the seconds of a Go duration with one unit (`60s`, `2m`), which is what hashicorp/time takes."""
    word = str(text)
    if word.endswith("m"):
        return 60 * (duration(word[:-1] + "s") or 0)
    return duration(word)
