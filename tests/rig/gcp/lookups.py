"""What a project has without anybody having made it: itself, its service agents, the zones of its region."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rig.gcp.store import number_of, project_in

Json = dict[str, Any]

COMPUTE = "https://www.googleapis.com"


def project_number(project: str) -> str:
    """Return a project's number."""
    return number_of(project)[:12]


def _last(path: str) -> str:
    return path.rsplit("/", 1)[-1]


def _project(path: str) -> Json:
    project = _last(path)
    if path.startswith("/v1/"):
        number = project_number(project)
        return {"projectId": project, "projectNumber": number, "name": project, "lifecycleState": "ACTIVE"}
    return {"name": f"projects/{project_number(project)}", "projectId": project, "state": "ACTIVE"}


def _billing(path: str) -> Json:
    project = project_in(path)
    name = f"projects/{project}/billingInfo"
    return {"name": name, "projectId": project, "billingAccountName": "billingAccounts/0", "billingEnabled": True}


def storage_agent(number: str) -> str:
    """Return the address of the account that Cloud Storage acts as in a project, which has this number."""
    return f"service-{number}@gs-project-accounts.iam.gserviceaccount.com"


def _storage_agent(path: str) -> Json:
    return {"kind": "storage#serviceAccount", "email_address": storage_agent(project_number(project_in(path)))}


def _logging_agent(path: str) -> Json:
    project = project_in(path)
    account = f"cmek-p{project_number(project)}@gcp-sa-logging.iam.gserviceaccount.com"
    return {"name": f"projects/{project}/cmekSettings", "serviceAccountId": account}


def _compute_project(path: str) -> Json:
    return {"name": _last(path), "commonInstanceMetadata": {"items": []}, "defaultNetworkTier": "PREMIUM"}


def _region(path: str) -> Json:
    zones = [f"{COMPUTE}{path.replace('/regions/', '/zones/')}-{letter}" for letter in "bcd"]
    return {"name": _last(path), "status": "UP", "zones": zones, "selfLink": f"{COMPUTE}{path}"}


def _zone(path: str) -> Json:
    name = _last(path)
    region = COMPUTE + path.replace(f"/zones/{name}", f"/regions/{name.rsplit('-', 1)[0]}")
    return {"kind": "compute#zone", "name": name, "status": "UP", "region": region, "selfLink": f"{COMPUTE}{path}"}


def _machine_type(path: str) -> Json:
    return {"name": _last(path), "guestCpus": 2, "memoryMb": 4096, "selfLink": f"{COMPUTE}{path}"}


def _image(path: str) -> Json:
    name = _last(path)
    return {"name": name, "family": name, "diskSizeGb": "10", "selfLink": f"{COMPUTE}{path.replace('/family', '')}"}


LOOKUPS: Mapping[str, Callable[[str], Json]] = {
    "cloudbilling.projects.getBillingInfo": _billing,
    "cloudresourcemanager.projects.get": _project,
    "compute.images.get": _image,
    "compute.images.getFromFamily": _image,
    "compute.machineTypes.get": _machine_type,
    "compute.projects.get": _compute_project,
    "compute.regions.get": _region,
    "compute.zones.get": _zone,
    "logging.getCmekSettings": _logging_agent,
    "logging.projects.getCmekSettings": _logging_agent,
    "storage.projects.serviceAccount.get": _storage_agent,
}
"""By a method's id: what it answers with for a path."""
