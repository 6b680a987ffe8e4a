"""Mutations of what is rendered for machines on Google Cloud."""

from __future__ import annotations

from rig.mutations.mutation import Check, Mutation

FACT, BLIND_SPOT = Check.FACT, Check.BLIND_SPOT
CASE, FOLDER = "machines", "gcp/virtual_machines/"
TEMPLATE, GROUP = f"{FOLDER}_template.tf.j2", f"{FOLDER}_group.tf.j2"
MACHINE, MANAGER = "google_compute_region_instance_template.web", "google_compute_region_instance_group_manager.web"

# fmt: off
MACHINES: tuple[Mutation, ...] = (
    Mutation("machine-with-an-address", TEMPLATE,
           "    subnetwork = {{ stack.network.subnetwork_id }}\n",
           "    subnetwork = {{ stack.network.subnetwork_id }}\n\n    access_config {\n    }\n",
           CASE, BLIND_SPOT, f"{MACHINE}: has a public address"),
    Mutation("spot-machines-at-the-full-price", TEMPLATE,
           """    provisioning_model          = "SPOT"
    preemptible                 = true
""",
           """    provisioning_model          = "STANDARD"
    preemptible                 = false
""",
           CASE, FACT, "runs on spot machines or on others"),
    Mutation("spot-machines-for-everybody", TEMPLATE,
           "{% if workload.hardware.spot %}", "{% if workload.name %}",
           CASE, FACT, "runs on spot machines or on others"),
    Mutation("machine-that-boots-anything", TEMPLATE,
           "enable_secure_boot          = true", "enable_secure_boot          = false",
           CASE, BLIND_SPOT, f"{MACHINE}: not shielded"),
    Mutation("machine-as-the-default-account", TEMPLATE,
           "    email  = {{ workload.account.address.email }}\n", "",
           CASE, BLIND_SPOT, f"{MACHINE}: service account missing"),
    Mutation("disk-with-googles-key", TEMPLATE,
           "      kms_key_self_link = {{ stack.key.address.id }}\n", "",
           CASE, BLIND_SPOT, f"{MACHINE}: disks are encrypted with [None]"),
    Mutation("update-takes-machines-away", GROUP,
           "max_unavailable_fixed          = 0", "max_unavailable_fixed          = 3",
           CASE, BLIND_SPOT, f"{MANAGER}: an update takes machines away"),
    Mutation("update-that-waits-for-somebody", GROUP,
           'type                           = "PROACTIVE"', 'type                           = "OPPORTUNISTIC"',
           CASE, BLIND_SPOT, f"{MANAGER}: an update takes machines away, or waits for somebody"),
    Mutation("apply-that-does-not-wait", GROUP,
           "  wait_for_instances        = true\n", "",
           CASE, BLIND_SPOT, f"{MANAGER}: an apply does not wait"),
    Mutation("hasty-healing", f"{FOLDER}_healing.tf.j2",
           "unhealthy_threshold = {{ workload.healing.failures }}", "unhealthy_threshold = 1",
           CASE, BLIND_SPOT, f"{MANAGER}: a slow spell replaces machines"),
    Mutation("hasty-update", GROUP,
           "max_surge_fixed                = {{ workload.surge }}", "max_surge_fixed                = 1",
           CASE, BLIND_SPOT, f"{MANAGER}: Google takes at least as many new machines as there are zones"),
    Mutation("apply-that-waits-for-the-old-version", GROUP,
           'wait_for_instances_status = "UPDATED"', 'wait_for_instances_status = "STABLE"',
           CASE, BLIND_SPOT, f"{MANAGER}: an apply does not wait"),
    Mutation("machine-without-a-tpm", TEMPLATE,
           "enable_vtpm                 = true", "enable_vtpm                 = false",
           CASE, BLIND_SPOT, f"{MACHINE}: not shielded"),
    Mutation("machine-with-an-address-of-version-6", TEMPLATE,
           "    subnetwork = {{ stack.network.subnetwork_id }}\n",
           "    subnetwork = {{ stack.network.subnetwork_id }}\n\n"
           '    ipv6_access_config {\n      network_tier = "PREMIUM"\n    }\n',
           CASE, BLIND_SPOT, f"{MACHINE}: has a public address"),
    Mutation("group-before-its-permissions", GROUP,
           "depends_on = {{ workload.before }}", "depends_on = []",
           CASE, Check.FACT, "grants_exist_before_their_users: web:"),
)
# fmt: on
