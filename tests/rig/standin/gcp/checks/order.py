"""What must exist first: networks for private addresses, groups behind balancers, instances of users."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from rig.standin.cloud import Cloud, Thing
from rig.standin.configuration import Configuration
from rig.standin.gcp.checks.cloud_sql import engine
from rig.standin.shapes import required
from rig.standin.violation import Violation

SERVERLESS_REFUSES = ("timeout_sec", "health_checks", "port_name", "backend.max_utilization", "backend.max_rate")
DEFAULT_BUCKETS = ("_Default", "_Required")
"""Log buckets that every project has."""
GROUP_MANAGER = "google_compute_region_instance_group_manager"
JOB_URI = re.compile(r"https://run\.googleapis\.com/v2/(projects/[^/]+/locations/[^/]+/jobs/[^/:]+):run")


def last(name: object) -> str:
    """Return the bare name at the end of a path."""
    return str(name).rsplit("/", 1)[-1]


def private_connection(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A private address comes out of a peered range."""
    for path, network in resource.find("settings.ip_configuration.private_network"):
        found = [
            c for c in cloud.all("google_service_networking_connection") if last(c.get("network")) == last(network)
        ]
        if found:
            cloud.rely(*found)
        else:
            yield Violation(path, f"NETWORK_NOT_PEERED: {last(network)} has no google_service_networking_connection")


def connection_policy(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """Memorystore makes its endpoints through a service connection policy of the network and region."""
    for name in ("desired_auto_created_endpoints.network", "desired_psc_auto_connections.network"):
        for path, network in resource.find(name):
            found = [
                policy
                for policy in cloud.all("google_network_connectivity_service_connection_policy")
                if policy.get("service_class") == "gcp-memorystore"
                and last(policy.get("network")) == last(network)
                and policy.get("location") == resource.get("location")
            ]
            if found:
                cloud.rely(*found)
            else:
                yield Violation(path, f"{last(network)} has no service connection policy for gcp-memorystore here")


def reserved_ranges(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A peering takes ranges that are reserved for it."""
    for path, names in resource.find("reserved_peering_ranges"):
        for name in names:
            found = cloud.find(name, "google_compute_global_address") if isinstance(name, str) else None
            if found is None or found.get("purpose") != "VPC_PEERING":
                yield Violation(path, f"{name!r} is no reserved range with purpose VPC_PEERING")
            else:
                cloud.rely(found)


def groups(resource: Configuration, cloud: Cloud) -> list[Thing]:
    """Return the groups behind a backend service."""
    found = [cloud.find(text) for _, text in resource.find("backend.group")]
    return [thing for thing in found if thing is not None]


def serverless_backend(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A backend of serverless groups has no timeout, health check, port or utilisation."""
    behind = groups(resource, cloud)
    if not any(thing.get("network_endpoint_type") == "SERVERLESS" for thing in behind):
        return
    for name in SERVERLESS_REFUSES:
        if resource.is_set(name):
            yield Violation(resource.at(name), "is not supported for a backend service with serverless groups")


def checked_backend(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A backend of instances has a health check."""
    if any(thing.type == GROUP_MANAGER for thing in groups(resource, cloud)):
        yield from required("health_checks", "a backend of instances needs a health check")(resource)


def named_port(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """The backend's port name is one of the group's."""
    for thing in groups(resource, cloud):
        names = [port["name"] for port in thing.get("named_port") or []]
        wanted = resource.get("port_name", "http")
        if thing.type == GROUP_MANAGER and wanted not in names:
            yield Violation(resource.at("port_name"), f"{wanted!r} is no named port of {thing.id}: {names}")


def user_of_engine(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """How a user is named and logs in depends on the engine of its instance."""
    instance = cloud.find(str(resource.get("instance")), "google_sql_database_instance")
    if instance is None:
        return
    owner = Configuration(instance.type, instance.values)
    postgres, kind = engine(owner)[0] == "POSTGRES", resource.get("type") or "BUILT_IN"
    name = str(resource.get("name", ""))
    if kind == "CLOUD_IAM_SERVICE_ACCOUNT" and postgres and name.endswith(".gserviceaccount.com"):
        yield Violation(resource.at("name"), "PostgreSQL wants the address without .gserviceaccount.com")
    if kind == "BUILT_IN" and postgres and not (resource.is_set("password") or resource.is_set("password_wo")):
        yield Violation(resource.at("password"), "a built-in user of PostgreSQL needs a password")
    if resource.is_set("host") and postgres:
        yield Violation(resource.at("host"), "is for MySQL")
    if kind.startswith("CLOUD_IAM"):
        flag = "cloudsql.iam_authentication" if postgres else "cloudsql_iam_authentication"
        flags = {block.get("name"): block.get("value") for block in owner.blocks("settings.database_flags")}
        if flags.get(flag) != "on":
            yield Violation(resource.at("type"), f"the instance needs the flag {flag} = on")


def ranges(thing: Configuration) -> list[tuple[tuple[str | int, ...], ipaddress.IPv4Network | ipaddress.IPv6Network]]:
    """Return the address ranges of a subnet."""
    names = ("ip_cidr_range", "secondary_ip_range.ip_cidr_range")
    return [(path, ipaddress.ip_network(value)) for name in names for path, value in thing.find(name)]


def disjoint_ranges(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """Subnets of a network do not overlap."""
    for thing in cloud.all("google_compute_subnetwork"):
        other = Configuration(thing.type, thing.values)
        if last(other.get("network")) != last(resource.get("network")) or other.get("name") == resource.get("name"):
            continue
        for path, mine in ranges(resource):
            for _, theirs in ranges(other):
                if mine.version == theirs.version and mine.overlaps(theirs):
                    yield Violation(path, f"{mine} overlaps {theirs} of {thing.id}")


def sink_bucket(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A sink that leads to a log bucket of the project leads to one that exists."""
    for path, value in resource.find("destination"):
        service, _, name = value.partition("/")
        if service != "logging.googleapis.com" or not name.startswith(f"projects/{resource.project}/"):
            continue
        bucket = cloud.find(name, "google_logging_project_bucket_config")
        if bucket is not None:
            cloud.rely(bucket)
        elif last(name) not in DEFAULT_BUCKETS:
            yield Violation(path, f"there is no log bucket {name}")


def job_exists(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A schedule that runs a job names one that exists."""
    for path, uri in resource.find("http_target.uri"):
        found = JOB_URI.fullmatch(uri)
        if found:
            job = cloud.find(found[1], "google_cloud_run_v2_job")
            if job is None:
                yield Violation(path, f"there is no job {found[1]}")
            else:
                cloud.rely(job)


def proven_domains(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """Each domain of a certificate has its DNS authorization, when there are any."""
    for managed in resource.blocks("managed"):
        proofs = [cloud.find(text) for text in managed.get("dns_authorizations", []) if isinstance(text, str)]
        proven = {proof.get("domain") for proof in proofs if proof is not None}
        for name in managed.get("domains", []) if managed.is_set("dns_authorizations") else []:
            if name.removeprefix("*.") not in proven:
                yield Violation(
                    managed.at("dns_authorizations"),
                    f"{name} has no DNS authorization among {sorted(map(str, proven))}",
                )


def recorded_proofs(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """The record that an authorization asks for is in the zone, for Google looks at once and seldom again."""
    records = {thing.get("name"): thing for thing in cloud.all("google_dns_record_set")}
    for path, texts in resource.find("managed.dns_authorizations"):
        proofs = [cloud.find(text) for text in texts if isinstance(text, str)]
        for proof in proofs:
            for wanted in (proof.get("dns_resource_record") or []) if proof is not None else []:
                if wanted["name"] in records:
                    cloud.rely(records[wanted["name"]])
                else:
                    yield Violation(path, f"there is no record {wanted['name']} that proves the domain")


def secret_payload(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A version has a value; the provider leaves an empty one out of its request."""
    for name in ("secret_data", "secret_data_wo"):
        if resource.values.get(name) == "":
            yield Violation(resource.at(name), "Error 400: Field [payload] is required")
