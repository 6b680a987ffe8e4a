"""Identifiers of Google resources, as the provider's documentation gives them under "Attributes Reference".

`{…}` are attributes; `project`, `number` (the project's number) and `region` come from the provider when a resource
does not set them. A type that is not listed gets an id of the server's choice.
"""

from __future__ import annotations

_GLOBAL = "projects/{project}/global/"
_REGION = "projects/{project}/regions/{region}/"
_LOCATION = "projects/{project}/locations/{location}/"
_IN_REGION = "projects/{project}/locations/{region}/"
_EVERYWHERE = "projects/{project}/locations/global/"

IDS = {
    "google_artifact_registry_repository": _LOCATION + "repositories/{repository_id}",
    "google_certificate_manager_certificate": _LOCATION + "certificates/{name}",
    "google_certificate_manager_certificate_map": _EVERYWHERE + "certificateMaps/{name}",
    "google_certificate_manager_certificate_map_entry": _EVERYWHERE
    + "certificateMaps/{map}/certificateMapEntries/{name}",
    "google_certificate_manager_dns_authorization": _LOCATION + "dnsAuthorizations/{name}",
    "google_cloud_run_v2_job": _LOCATION + "jobs/{name}",
    "google_cloud_run_v2_service": _LOCATION + "services/{name}",
    "google_cloud_run_v2_worker_pool": _LOCATION + "workerPools/{name}",
    "google_cloud_scheduler_job": _IN_REGION + "jobs/{name}",
    "google_cloudfunctions2_function": _LOCATION + "functions/{name}",
    "google_compute_address": _REGION + "addresses/{name}",
    "google_compute_backend_bucket": _GLOBAL + "backendBuckets/{name}",
    "google_compute_backend_service": _GLOBAL + "backendServices/{name}",
    "google_compute_firewall": _GLOBAL + "firewalls/{name}",
    "google_compute_forwarding_rule": _REGION + "forwardingRules/{name}",
    "google_compute_global_address": _GLOBAL + "addresses/{name}",
    "google_compute_global_forwarding_rule": _GLOBAL + "forwardingRules/{name}",
    "google_compute_health_check": _GLOBAL + "healthChecks/{name}",
    "google_compute_instance_template": _GLOBAL + "instanceTemplates/{name}",
    "google_compute_managed_ssl_certificate": _GLOBAL + "sslCertificates/{name}",
    "google_compute_network": _GLOBAL + "networks/{name}",
    "google_compute_network_endpoint_group": "projects/{project}/zones/{zone}/networkEndpointGroups/{name}",
    "google_compute_region_autoscaler": _REGION + "autoscalers/{name}",
    "google_compute_region_backend_service": _REGION + "backendServices/{name}",
    "google_compute_region_health_check": _REGION + "healthChecks/{name}",
    "google_compute_region_instance_group_manager": _REGION + "instanceGroupManagers/{name}",
    "google_compute_region_instance_template": _REGION + "instanceTemplates/{name}",
    "google_compute_region_network_endpoint_group": _REGION + "networkEndpointGroups/{name}",
    "google_compute_resource_policy": _REGION + "resourcePolicies/{name}",
    "google_compute_route": _GLOBAL + "routes/{name}",
    "google_compute_router": _REGION + "routers/{name}",
    "google_compute_router_nat": "{project}/{region}/{router}/{name}",
    "google_compute_security_policy": _GLOBAL + "securityPolicies/{name}",
    "google_compute_ssl_policy": _GLOBAL + "sslPolicies/{name}",
    "google_compute_subnetwork": _REGION + "subnetworks/{name}",
    "google_compute_target_http_proxy": _GLOBAL + "targetHttpProxies/{name}",
    "google_compute_target_https_proxy": _GLOBAL + "targetHttpsProxies/{name}",
    "google_compute_url_map": _GLOBAL + "urlMaps/{name}",
    "google_container_cluster": _LOCATION + "clusters/{name}",
    "google_container_node_pool": _LOCATION + "clusters/{cluster}/nodePools/{name}",
    "google_dns_managed_zone": "projects/{project}/managedZones/{name}",
    "google_dns_policy": "projects/{project}/policies/{name}",
    "google_dns_record_set": "projects/{project}/managedZones/{managed_zone}/rrsets/{name}/{type}",
    "google_eventarc_trigger": _LOCATION + "triggers/{name}",
    "google_gke_hub_membership": _EVERYWHERE + "memberships/{membership_id}",
    "google_iam_workload_identity_pool": _EVERYWHERE + "workloadIdentityPools/{workload_identity_pool_id}",
    "google_iam_workload_identity_pool_provider": _EVERYWHERE
    + "workloadIdentityPools/{workload_identity_pool_id}/providers/{workload_identity_pool_provider_id}",
    "google_kms_crypto_key": "{key_ring}/cryptoKeys/{name}",
    "google_kms_key_ring": _LOCATION + "keyRings/{name}",
    "google_logging_metric": "{name}",
    "google_logging_project_bucket_config": _LOCATION + "buckets/{bucket_id}",
    "google_logging_project_exclusion": "projects/{project}/exclusions/{name}",
    "google_logging_project_sink": "projects/{project}/sinks/{name}",
    "google_memorystore_instance": _LOCATION + "instances/{instance_id}",
    "google_network_connectivity_service_connection_policy": _LOCATION + "serviceConnectionPolicies/{name}",
    "google_os_config_os_policy_assignment": _LOCATION + "osPolicyAssignments/{name}",
    "google_project_iam_audit_config": "{project}/audit_config/{service}",
    "google_project_iam_custom_role": "projects/{project}/roles/{role_id}",
    "google_project_service": "{project}/{service}",
    "google_pubsub_schema": "projects/{project}/schemas/{name}",
    "google_pubsub_subscription": "projects/{project}/subscriptions/{name}",
    "google_pubsub_topic": "projects/{project}/topics/{name}",
    "google_redis_instance": _IN_REGION + "instances/{name}",
    "google_secret_manager_secret": "projects/{project}/secrets/{secret_id}",
    "google_service_account": "projects/{project}/serviceAccounts/{account_id}@{project}.iam.gserviceaccount.com",
    "google_service_networking_connection": "{network}:{service}",
    "google_sql_database": "projects/{project}/instances/{instance}/databases/{name}",
    "google_sql_database_instance": "{name}",
    "google_sql_user": "{name}/{host}/{instance}",
    "google_storage_bucket": "{name}",
    "google_storage_bucket_object": "{bucket}-{name}",
    "google_vpc_access_connector": _IN_REGION + "connectors/{name}",
}

IAM_PARENTS = {
    "google_artifact_registry_repository_iam_member": _LOCATION + "repositories/{repository}",
    "google_cloud_run_v2_job_iam_member": _LOCATION + "jobs/{name}",
    "google_cloud_run_v2_service_iam_member": _LOCATION + "services/{name}",
    "google_cloud_run_v2_worker_pool_iam_member": _LOCATION + "workerPools/{name}",
    "google_kms_crypto_key_iam_member": "{crypto_key_id}",
    "google_project_iam_member": "{project}",
    "google_pubsub_subscription_iam_member": "projects/{project}/subscriptions/{subscription}",
    "google_pubsub_topic_iam_member": "projects/{project}/topics/{topic}",
    "google_secret_manager_secret_iam_member": "projects/{project}/secrets/{secret_id}",
    "google_service_account_iam_member": "{service_account_id}",
    "google_storage_bucket_iam_member": "b/{bucket}",
}
"""What a grant is on; its id is `<parent>/<role>/<member>`."""

FULL_NAMES = {
    "google_iam_workload_identity_pool": "projects/{number}/locations/global/workloadIdentityPools/"
    "{workload_identity_pool_id}",
    "google_iam_workload_identity_pool_provider": "projects/{number}/locations/global/workloadIdentityPools/"
    "{workload_identity_pool_id}/providers/{workload_identity_pool_provider_id}",
    "google_secret_manager_secret": "projects/{number}/secrets/{secret_id}",
    "google_artifact_registry_repository": "{repository_id}",
}
"""Types whose computed `name` differs from their id."""
