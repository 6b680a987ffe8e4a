"""What checkov has no rule for on Google Cloud: each rule yields what is wrong with a rendered tree.

checkov 3.3 checks neither Cloud Run v2, backend services, forwarding rules, Secret Manager nor Memorystore for Valkey.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rig.scanners.tree import Rule, Tree
from rig.trees.hcl import Body, RenderedBlock

RUNNING = ("google_cloud_run_v2_service", "google_cloud_run_v2_worker_pool", "google_cloud_run_v2_job")
BALANCED = ("google_compute_backend_service", "google_compute_global_forwarding_rule")
INTERNAL = ("INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER", "INGRESS_TRAFFIC_INTERNAL_ONLY")
TEMPLATES = ("google_compute_instance_template", "google_compute_region_instance_template")
SECRET_VERSION = (
    r"projects/[a-z0-9-]+/secrets/\$\{google_secret_manager_secret\.\w+\.secret_id\}"
    r"/versions/\$\{google_secret_manager_secret_version\.\w+\.version\}"
)
HEARD = ("roles/logging.logWriter", "roles/monitoring.metricWriter")
"""What a machine may do in the whole project: write logs and metrics."""
SECRET = re.compile(r"PASSWORD|PASSPHRASE|SECRET|TOKEN|CREDENTIAL|(API|PRIVATE|ACCESS)_?KEY")
"""Names of environment variables that hold secrets."""


def ingress(tree: Tree) -> Iterator[str]:
    """Services take no request from the internet but through the balancer, and have no address of their own."""
    routed = {
        group.body["cloud_run"][0]["service"] for group in tree.of("google_compute_region_network_endpoint_group")
    }
    for service in tree.of("google_cloud_run_v2_service"):
        # The group names the service as text, so that neither must be replaced with the other.
        names = {f"${{{service.address}.name}}", service.body["name"]}
        wanted = INTERNAL[0] if names & routed else INTERNAL[1]
        if service.body.get("ingress") != wanted:
            yield f"{service.address}: ingress is {service.body.get('ingress')}, not {wanted}"
        if wanted == INTERNAL[0] and service.body.get("default_uri_disabled") is not True:
            yield f"{service.address}: its own address run.app is not switched off"
        if wanted != INTERNAL[0] and service.body.get("invoker_iam_disabled", False):
            yield f"{service.address}: whoever reaches it may call it"


def identity(tree: Tree) -> Iterator[str]:
    """All that runs has a service account of its own: the default one may edit the whole project.

    A job beside a container runs its commands as the container does.
    """
    seen: set[str] = set()
    for resource in tree.of(*RUNNING):
        account = str(_template(resource).get("service_account", ""))
        if resource.label.endswith(("_release", "_run")) and account in seen:
            continue
        if not account.startswith("${google_service_account.") or account in seen:
            yield f"{resource.address}: service account {account or 'missing'}"
        seen.add(account)


def processor(tree: Tree) -> Iterator[str]:
    """Services say whether they have a CPU between requests: the default has changed between versions."""
    for service in tree.of("google_cloud_run_v2_service"):
        for container in _template(service)["containers"]:
            if not isinstance(container["resources"][0].get("cpu_idle"), bool):
                yield f"{service.address}: cpu_idle is not stated"


def scheme(tree: Tree) -> Iterator[str]:
    """The balancer is the new one everywhere: the default is the classic one, and the two do not mix."""
    for resource in tree.of(*BALANCED):
        if resource.body.get("load_balancing_scheme") != "EXTERNAL_MANAGED":
            yield f"{resource.address}: load_balancing_scheme is {resource.body.get('load_balancing_scheme')}"


def requests_are_logged(tree: Tree) -> Iterator[str]:
    """The balancer writes down every request; it does not by itself."""
    for backend in tree.of("google_compute_backend_service"):
        if backend.body.get("log_config") != [{"enable": True, "sample_rate": 1}]:
            yield f"{backend.address}: log_config is {backend.body.get('log_config')}"


def firewall(tree: Tree) -> Iterator[str]:
    """With `load_balancer.waf`, and only then, requests to every backend go through the firewall."""
    balancer = tree.deployment.load_balancer
    policies = {f"${{{policy.address}.id}}" for policy in tree.of("google_compute_security_policy")}
    for backend in tree.of("google_compute_backend_service"):
        policy = backend.body.get("security_policy")
        if (policy in policies) != bool(balancer and balancer.waf):
            yield f"{backend.address}: security_policy is {policy}"


def encryption_in_transit(tree: Tree) -> Iterator[str]:
    """Port 443 speaks TLS 1.2 or later; port 80, where there is a 443, does nothing but redirect."""
    policies = {
        f"${{{policy.address}.id}}"
        for policy in tree.of("google_compute_ssl_policy")
        if policy.body.get("min_tls_version") in {"TLS_1_2", "TLS_1_3"}
        and policy.body.get("profile") in {"MODERN", "RESTRICTED"}
    }
    redirects = {f"${{{m.address}.id}}" for m in tree.of("google_compute_url_map") if "default_url_redirect" in m.body}
    proxies = tree.of("google_compute_target_https_proxy", "google_compute_target_http_proxy")
    by_id = {f"${{{proxy.address}.id}}": proxy for proxy in proxies}
    rules = {rule.body["port_range"]: by_id[rule.body["target"]] for rule in tree.of(BALANCED[1])}
    balancer = tree.deployment.load_balancer
    if balancer and balancer.domain and balancer.tls == "managed" and "443" not in rules:
        yield "nothing listens on port 443"
    for port, proxy in rules.items():
        if port == "443" and proxy.body.get("ssl_policy") not in policies:
            yield f"{proxy.address}: ssl_policy is {proxy.body.get('ssl_policy')}"
        if port == "80" and "443" in rules and proxy.body["url_map"] not in redirects:
            yield f"{proxy.address}: answers in the clear"


def readers_of_secrets(tree: Tree) -> Iterator[str]:
    """Secrets are granted one by one, to read their value and nothing else."""
    for resource in tree.resources:
        role = str(resource.body.get("role", ""))
        if resource.type == "google_secret_manager_secret_iam_member":
            if role != "roles/secretmanager.secretAccessor":
                yield f"{resource.address}: {role}"
        elif "secretmanager" in role:
            yield f"{resource.address}: {role} on more than one secret"


def literal_secrets(tree: Tree) -> Iterator[str]:
    """What is called a secret comes from Secret Manager, for everybody who may see a service sees its variables."""
    for resource in tree.of(*RUNNING):
        for container in _template(resource)["containers"]:
            for variable in container.get("env", []):
                if SECRET.search(variable["name"]) and ("value" in variable or not variable.get("value_source")):
                    yield f"{resource.address}: {variable['name']} is written out"


def values_in_the_state(tree: Tree) -> Iterator[str]:
    """No value of a secret reaches the state: it is ephemeral, and handed over by arguments that are only written."""
    for resource in tree.of("random_password", "tls_private_key", "google_service_account_key", "google_sql_ssl_cert"):
        yield f"{resource.address}: the state would hold its value"
    for type_, argument in (
        ("google_secret_manager_secret_version", "secret_data"),
        ("google_sql_user", "password"),
        ("google_sql_database_instance", "root_password"),
    ):
        for resource in tree.of(type_):
            if argument in resource.body:
                yield f"{resource.address}: the state would hold {argument}"


def deletion_of_secrets(tree: Tree) -> Iterator[str]:
    """Secrets cannot be destroyed by accident, unless the spec says so."""
    for secret in tree.of("google_secret_manager_secret"):
        if secret.body.get("deletion_protection") is not tree.protected:
            yield f"{secret.address}: deletion protection is not what the spec says"


def encryption_of_secrets(tree: Tree) -> Iterator[str]:
    """With a key of one's own, every replica of every secret is encrypted with it."""
    for secret in tree.of("google_secret_manager_secret"):
        replicas = secret.body["replication"][0].get("user_managed", [{}])[0].get("replicas", [])
        keys = [replica.get("customer_managed_encryption", [{}])[0].get("kms_key_name") for replica in replicas]
        wanted = "${google_kms_crypto_key.main.id}" if tree.own_key else None
        if not keys or set(keys) != {wanted}:
            yield f"{secret.address}: {keys or 'replicas anywhere'}"


def additive_grants(tree: Tree) -> Iterator[str]:
    """Grants add to others and replace none, reach no further than a resource, and never go to everybody.

    What is recorded of a project is a part of its policy, too, but no grant: `audit_trail` looks at that.
    """
    machines = any(True for _ in tree.of("google_compute_region_instance_template"))
    for resource in tree.resources:
        if resource.type == "google_project_iam_audit_config":
            continue
        if resource.type.endswith(("_iam_policy", "_iam_binding", "_iam_audit_config")):
            yield f"{resource.address}: replaces grants of others"
        if resource.type == "google_project_iam_member" and resource.body.get("role") in HEARD and machines:
            continue
        if resource.type.startswith(("google_project_iam_", "google_folder_iam_", "google_organization_iam_")):
            yield f"{resource.address}: reaches further than one resource"
        if {resource.body.get("member")} & {"allUsers", "allAuthenticatedUsers"}:
            yield f"{resource.address}: everybody"


def caches(tree: Tree) -> Iterator[str]:
    """Caches are of the newer product, in our own network, and encrypted with our own key where there is one."""
    for resource in tree.of("google_redis_instance", "google_redis_cluster", "google_memcache_instance"):
        yield f"{resource.address}: is not Memorystore for Valkey"
    for cache in tree.of("google_memorystore_instance"):
        if [part.get("network") for part in cache.body.get("desired_auto_created_endpoints", [])] != [
            "${google_compute_network.main.id}"
        ]:
            yield f"{cache.address}: is not in our network alone"
        if cache.body.get("kms_key") != ("${google_kms_crypto_key.main.id}" if tree.own_key else None):
            yield f"{cache.address}: kms_key is {cache.body.get('kms_key')}"
        if cache.body.get("deletion_protection_enabled") is not tree.protected:
            yield f"{cache.address}: deletion protection is not what the spec says"


def virtual_machines(tree: Tree) -> Iterator[str]:
    """Machines boot what Google signed, have an account of their own and no address of their own, and know no keys of
    people. checkov looks at templates of one zone only, and at none of a region.
    """
    for template in tree.of(*TEMPLATES):
        body = template.body
        shielded = (body.get("shielded_instance_config") or [{}])[0]
        if not all(shielded.get(f"enable_{what}") is True for what in ("secure_boot", "vtpm", "integrity_monitoring")):
            yield f"{template.address}: not shielded"
        account = (body.get("service_account") or [{}])[0].get("email", "")
        if not account.startswith("${google_service_account."):
            yield f"{template.address}: service account {account or 'missing'}"
        if any("access_config" in card or "ipv6_access_config" in card for card in body.get("network_interface", [])):
            yield f"{template.address}: has a public address"
        if body.get("metadata", {}).get("enable-oslogin") != "TRUE":
            yield f"{template.address}: whoever may write metadata may log in"


def machines_on_trust(tree: Tree) -> Iterator[str]:
    """Disks are encrypted as the spec says; nothing that metadata holds is a secret, and no console answers."""
    for template in tree.of("google_compute_region_instance_template"):
        metadata = template.body.get("metadata", {})
        keys = [disk.get("disk_encryption_key", [{}])[0].get("kms_key_self_link") for disk in template.body["disk"]]
        if set(keys) != {"${google_kms_crypto_key.main.id}" if tree.own_key else None}:
            yield f"{template.address}: disks are encrypted with {keys}"
        if metadata.get("block-project-ssh-keys") != "TRUE" or metadata.get("serial-port-enable") != "FALSE":
            yield f"{template.address}: keys of the project, or a console, let somebody in"
        if metadata.get("user-data") != "${local.machine}":
            yield f"{template.address}: starts with something else than what stands beside it"
        for name, value in metadata.items():
            if name.startswith("secret-") and not re.fullmatch(SECRET_VERSION, str(value)):
                yield f"{template.address}: {name} is not the name of a version of a secret"
            if name.startswith("variable-") and SECRET.search(name) and "${" not in str(value):
                yield f"{template.address}: {name} is a literal"


def machines_roll(tree: Tree) -> Iterator[str]:
    """New machines come before old ones go, an apply waits for them, and what hangs is replaced late."""
    checks = {f"${{{check.address}.id}}": check.body for check in tree.of("google_compute_health_check")}
    for group in tree.of("google_compute_region_instance_group_manager"):
        policy = group.body["update_policy"][0]
        if (policy.get("type"), policy.get("max_unavailable_fixed")) != ("PROACTIVE", 0):
            yield f"{group.address}: an update takes machines away, or waits for somebody"
        if policy.get("max_surge_fixed", 0) < 3:
            yield f"{group.address}: Google takes at least as many new machines as there are zones"
        if group.body.get("wait_for_instances") is not True or group.body.get("wait_for_instances_status") != "UPDATED":
            yield f"{group.address}: an apply does not wait for the new version"
        for healing in group.body.get("auto_healing_policies", []):
            check = checks[healing["health_check"]]
            if check["check_interval_sec"] * check["unhealthy_threshold"] < 150:
                yield f"{group.address}: a slow spell replaces machines"


def state_stays(tree: Tree) -> Iterator[str]:
    """With `security.deletion_protection`, and only then, Terraform refuses to destroy the bucket of the state."""
    for bucket in tree.of("google_storage_bucket"):
        stays = (bucket.body.get("lifecycle") or [{}])[0].get("prevent_destroy") is True
        if bucket.label == "state" and stays is not tree.protected:
            yield f"{bucket.address}: terraform {'may not' if stays else 'may'} destroy it"


def audit_trail(tree: Tree) -> Iterator[str]:
    """With `monitoring.audit`, and only then, account/ records all that is done in the project, by everybody."""
    configs = list(tree.of("google_project_iam_audit_config"))
    wanted = [("account/audit.tf", "allServices")] if tree.deployment.monitoring.audit else []
    if [(config.file, config.body.get("service")) for config in configs] != wanted:
        yield f"what is recorded is said {len(configs)} times"
    for config in configs:
        blocks = config.body.get("audit_log_config", [])
        if sorted(block["log_type"] for block in blocks) != ["ADMIN_READ", "DATA_READ", "DATA_WRITE"]:
            yield f"{config.address}: does not record everything"
        if any("exempted_members" in block for block in blocks):
            yield f"{config.address}: leaves somebody out"
    for sink in (one for one in tree.of("google_logging_project_sink") if one.file == "account/audit.tf"):
        if sink.body.get("exclusions") or sink.body.get("disabled"):
            yield f"{sink.address}: leaves something out"


def audit_record(tree: Tree) -> Iterator[str]:
    """The record is kept for a year, with our own key where there is one, not locked, protected as the spec says."""
    for bucket in (one for one in tree.of("google_logging_project_bucket_config") if one.file == "account/audit.tf"):
        stays = (bucket.body.get("lifecycle") or [{}])[0].get("prevent_destroy") is True
        key = (bucket.body.get("cmek_settings") or [{}])[0].get("kms_key_name")
        if stays is not tree.protected:
            yield f"{bucket.address}: terraform {'may not' if stays else 'may'} destroy it"
        if bucket.body.get("locked", False) is not False:
            yield f"{bucket.address}: can never be unlocked again"
        if bucket.body.get("retention_days", 0) < 365:
            yield f"{bucket.address}: the record is kept for less than a year"
        if key != ("${google_kms_crypto_key.main.id}" if tree.own_key else None):
            yield f"{bucket.address}: kms_key_name is {key}"


def private_buckets(tree: Tree) -> Iterator[str]:
    """No grant and no list can make an object public."""
    for bucket in tree.of("google_storage_bucket"):
        if bucket.body.get("public_access_prevention") != "enforced":
            yield f"{bucket.address}: public_access_prevention is {bucket.body.get('public_access_prevention')}"
        if bucket.body.get("uniform_bucket_level_access") is not True:
            yield f"{bucket.address}: access control lists are in force"


RULES: tuple[Rule, ...] = (
    ingress,
    identity,
    processor,
    scheme,
    requests_are_logged,
    firewall,
    encryption_in_transit,
    readers_of_secrets,
    literal_secrets,
    values_in_the_state,
    deletion_of_secrets,
    encryption_of_secrets,
    additive_grants,
    caches,
    virtual_machines,
    machines_on_trust,
    machines_roll,
    private_buckets,
    state_stays,
    audit_trail,
    audit_record,
)


def _template(resource: RenderedBlock) -> Body:
    template: Body = resource.body["template"][0]
    if resource.type == "google_cloud_run_v2_job":
        inner: Body = template["template"][0]
        return inner
    return template
