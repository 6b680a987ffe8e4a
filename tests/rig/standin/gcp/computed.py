"""What Google computes: ids, self links, addresses, identities."""

from __future__ import annotations

from string import Formatter
from typing import Any

from rig.standin.computed import Computed, default_value
from rig.standin.gcp.ids import FULL_NAMES, IAM_PARENTS, IDS

PROJECT_NUMBER = "123456789012"
API = "https://www.googleapis.com/compute/v1/"
NAMED_BY_SERVER = {
    "google_monitoring_alert_policy": "projects/{project}/alertPolicies/{digits}",
    "google_monitoring_dashboard": "projects/{number}/dashboards/{uuid}",
    "google_monitoring_notification_channel": "projects/{project}/notificationChannels/{digits}",
    "google_monitoring_slo": "projects/{number}/services/{service}/serviceLevelObjectives/{digits}",
    "google_monitoring_uptime_check_config": "projects/{project}/uptimeCheckConfigs/{digits}",
    "google_storage_notification": "{bucket}/notificationConfigs/{digits}",
}
NAME_IS_ID = (*NAMED_BY_SERVER, "google_service_account", "google_secret_manager_secret_version")


class GcpComputed(Computed):
    """Computed values of the google provider."""

    def __init__(self, resource_type: str, known: dict[str, Any], provider: dict[str, Any], salt: str = "") -> None:
        super().__init__(resource_type, known, provider, salt)
        self.project = self.given("project") or provider.get("project") or "standin-project"
        self.region = self.given("region") or provider.get("region") or "us-central1"

    def fill(self, template: str) -> str:
        """Fill an id template with attributes, the project and the region; a bare name is taken from a full path."""
        values = {
            # Made of a prefix, where a resource is not named by itself.
            "name": self.name,
            "project": self.project,
            "number": PROJECT_NUMBER,
            "region": self.region,
            "zone": f"{self.region}-b",
            "location": "global" if "certificates" in template or "dnsAuthorizations" in template else self.region,
            "digits": self.digits("id"),
            "uuid": self.uuid("id"),
        }
        values |= {name: value for name, value in self.known.items() if isinstance(value, str) and value}
        fields = {field for _, field, _, _ in Formatter().parse(template) if field}
        whole = {field for field in fields if template.startswith("{" + field + "}")}
        return template.format(
            **{name: self.last(values.get(name, ""), name not in whole and name != "name") for name in fields}
        )

    @staticmethod
    def last(value: str, shorten: bool) -> str:
        return value.rsplit("/", 1)[-1] if shorten else value

    def identity(self) -> str:
        if self.type in IAM_PARENTS:
            return f"{self.fill(IAM_PARENTS[self.type])}/{self.known.get('role')}/{self.known.get('member')}"
        if self.type == "google_secret_manager_secret_version":
            return f"{self.known.get('secret')}/versions/{int(self.known.get('secret_data_wo_version') or 1)}"
        template = IDS.get(self.type) or NAMED_BY_SERVER.get(self.type)
        if template:
            return self.fill(template)
        noun = self.type.split("_")[-1]
        return f"projects/{self.project}/locations/{self.region}/{noun}s/{self.name}"

    def specific(self, name: str) -> str | None:  # noqa: C901 - one line an attribute
        match name:
            case "project":
                return self.project
            case "region":
                return self.region
            case "location":
                return "global" if self.type.startswith("google_certificate_manager") else self.region
            case "zone":
                return f"{self.region}-b"
            case "name":
                return self.full_name()
            case "self_link" | "self_link_unique" if self.type.startswith("google_compute"):
                return API + self.identity()
            case "instance_group":
                return API + self.identity().replace("instanceGroupManagers", "instanceGroups")
            case "email" | "service_account_email_address":
                return f"{self.name}@{self.project}.iam.gserviceaccount.com"
            case "email_address":
                return f"service-{PROJECT_NUMBER}@gs-project-accounts.iam.gserviceaccount.com"
            case "member":
                address = self.specific("email_address" if "storage_project" in self.type else "email")
                return f"serviceAccount:{address}"
            case "writer_identity":
                return f"serviceAccount:service-{PROJECT_NUMBER}@gcp-sa-logging.iam.gserviceaccount.com"
            case "unique_id" | "numeric_id" | "generated_id":
                return self.digits(name, 21)
            case "project_number" | "number":
                return PROJECT_NUMBER
            case "version" if self.type == "google_secret_manager_secret_version":
                return "1"
            case "connection_name":
                return f"{self.project}:{self.region}:{self.name}"
            case "uri" | "url" | "default_uri":
                return f"https://{self.name}-{self.hexadecimal('uri', 10)}-ew.a.run.app"
            case "registry_uri":
                return f"{self.known.get('location')}-docker.pkg.dev/{self.project}/{self.name}"
            case "uptime_check_id":
                return self.identity().rsplit("/", 1)[-1]
            case "dns_name" if self.type == "google_sql_database_instance":
                return f"{self.hexadecimal('dns', 12)}.{self.region}.sql.goog."
        return None

    def full_name(self) -> str | None:
        if self.type in FULL_NAMES:
            return self.fill(FULL_NAMES[self.type])
        return self.identity() if self.type in NAME_IS_ID else None

    def name_server(self, number: int) -> str:
        return f"ns-cloud-a{number}.googledomains.com."

    def value(self, name: str, kind: Any, optional: bool = False) -> Any:
        if name == "dns_resource_record":
            record = f"_acme-challenge.{self.known.get('domain')}."
            return [{"name": record, "type": "CNAME", "data": f"{self.uuid('dns')}.authorize.certificatemanager.goog."}]
        if name == "endpoints" and self.type == "google_memorystore_instance":
            return [
                one_of(kind[1]) | {"connections": [{**one_of(_inner(kind, "connections")), **self.connection(kind)}]}
            ]
        return super().value(name, kind, optional)

    def connection(self, kind: Any) -> dict[str, Any]:
        """Return the endpoint of a cache's primary node, of a kind of `endpoints`."""
        automatic = one_of(_inner(["list", _inner(kind, "connections")], "psc_auto_connection"))
        primary = {"connection_type": "CONNECTION_TYPE_PRIMARY", "ip_address": "10.0.0.7", "port": 6379}
        return {"psc_auto_connection": [{**automatic, **primary}]}


def one_of(kind: Any) -> dict[str, Any]:
    """Return an object of a Terraform type, with nothing set."""
    return {name: default_value(inner) for name, inner in kind[1].items()}


def _inner(kind: Any, name: str) -> Any:
    """Return the type of the objects that an attribute holds, within a list of objects."""
    return kind[1][1][name][1]
