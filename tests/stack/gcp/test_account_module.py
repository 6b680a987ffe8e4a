"""The audit trail: what is recorded, how long, and what is told of it."""

from __future__ import annotations

import re

import pytest

from cloudgen.render.tree import render
from cloudgen.stack.gcp.account_module import Audit, audit
from cloudgen.stack.gcp.stack import build
from rig.parts.gcp import HEAD, make_foundation

WEB = "containers: {web: {port: 80, image: 'nginx:1.29'}}\n"
TOLD = f"{WEB}monitoring: {{audit: true, alerts: {{email: [ops@example.com, dev@example.com, ops@example.com]}}}}\n"
UNTOLD = f"{WEB}monitoring: {{audit: true}}\n"
PLAIN = "security: {encryption: provider_managed, deletion_protection: false}\nstate: {backend: local}\n"


def _audit(body: str, head: str = HEAD) -> Audit:
    decided = audit(make_foundation(body, head))
    assert decided is not None
    return decided


def _files(body: str) -> dict[str, str]:
    return {file.path: file.text for file in render(build(make_foundation(body).deployment))}


def test_there_is_none_unless_the_spec_asks_for_it() -> None:
    assert audit(make_foundation(WEB)) is None
    assert not [path for path in _files(WEB) if path.startswith("account/")]


def test_all_of_it() -> None:
    decided = _audit(TOLD)
    assert [api.name for api in decided.apis.all] == ["cloudkms", "cloudresourcemanager", "logging", "monitoring"]
    assert decided.backend is not None
    assert (decided.backend.bucket, decided.backend.prefix) == ("shop-prod-state-acme-shop", "account")
    assert decided.key is not None
    assert (decided.key.ring_name, [member.label for member in decided.key.members]) == ("shop-prod-account", ["logs"])
    assert str(decided.key_id) == "google_kms_crypto_key.main.id"
    assert [str(address) for address in decided.before_bucket] == ["time_sleep.key"]
    assert (decided.name, decided.protected, decided.key.protected) == ("shop-prod-audit", True, True)
    assert [channel.email for channel in decided.channels] == ["ops@example.com", "dev@example.com"]
    assert [output.name for output in decided.outputs] == ["audit_log_bucket"]


def test_without_a_key_remote_state_or_anybody_to_tell() -> None:
    decided = _audit(f"{UNTOLD}{PLAIN}")
    assert [api.name for api in decided.apis.all] == ["cloudresourcemanager", "logging"]
    assert (decided.backend, decided.key, decided.key_id, decided.protected) == (None, None, None, False)
    assert [str(address) for address in decided.before_bucket] == ["time_sleep.apis"]
    assert (decided.channels, decided.alarms, decided.channel_names) == ((), (), ())
    files = _files(f"{UNTOLD}{PLAIN}")
    assert {path for path in files if path.startswith("account/")} == {
        f"account/{name}.tf" for name in ("versions", "apis", "audit", "outputs")
    }
    assert "backend" not in files["account/versions.tf"]
    assert "prevent_destroy" not in files["account/audit.tf"]


def test_a_key_that_may_go_says_why_no_scanner_minds() -> None:
    files = _files(f"{TOLD}security: {{deletion_protection: false}}\n")
    assert "# checkov:skip=CKV_GCP_82: security.deletion_protection is false" in files["account/kms.tf"]
    assert "prevent_destroy" not in files["account/kms.tf"] + files["account/audit.tf"]


@pytest.mark.parametrize(("retention", "days"), [("30d", 365), ("365d", 365), ("400d", 400), ("3650d", 3650)])
def test_the_record_is_kept_for_a_year_at_least(retention: str, days: int) -> None:
    assert _audit(f"{WEB}monitoring: {{audit: true, logs: {{retention: {retention}}}}}").retention == days


def test_all_audit_logs_are_recorded_and_none_twice() -> None:
    decided = _audit(UNTOLD)
    logs = [f"cloudaudit.googleapis.com/{name}" for name in ("activity", "data_access", "system_event", "policy")]
    assert re.findall(r'log_id\("([^"]+)"\)', decided.recorded) == logs
    # The other two never were in the default bucket.
    assert re.findall(r'log_id\("([^"]+)"\)', decided.defaults) == [logs[1], logs[3]]


def test_environments_of_one_project_do_not_collide() -> None:
    names = {
        _audit(UNTOLD, HEAD.replace("name: shop", f"name: shop\nenvironment: {each}")).name
        for each in ("development", "staging", "production")
    }
    assert len(names) == 3


def test_the_longest_name_fits() -> None:
    decided = _audit(TOLD, HEAD.replace("name: shop", "name: a23456789012345\nenvironment: staging"))
    assert len(decided.name) <= 100
    assert decided.key is not None
    assert len(decided.key.ring_name) <= 63


def test_what_is_told() -> None:
    alarms = {alarm.label: alarm for alarm in _audit(TOLD).alarms}
    assert list(alarms) == ["record_changed", "key_disabled", "credentials_created", "broad_rights_given"]
    for alarm in alarms.values():
        assert alarm.filter.startswith('log_id("cloudaudit.googleapis.com/activity") AND ')
        assert alarm.filter.count("(") == alarm.filter.count(")")
        assert alarm.name.startswith("shop-prod: ")
        assert alarm.description.startswith(f"{alarm.title}. ${{log.extracted_label.who}} called ")
        assert alarm.description.endswith((".", ")"))


def _expression(text: str, start: str) -> re.Pattern[str]:
    """Return the regular expression that a filter compares a field with."""
    return re.compile(text.partition(f'{start} =~ "')[2].partition('"')[0])


def test_a_change_of_the_record_is_told_and_one_of_the_application_is_not() -> None:
    text = next(alarm for alarm in _audit(TOLD).alarms if alarm.label == "record_changed").filter
    method, name = (_expression(text, f"protoPayload.{field}") for field in ("methodName", "resourceName"))
    for verb in ("UpdateSink", "DeleteSink", "UpdateBucket", "UpdateBucketAsync", "DeleteBucket", "DeleteExclusion"):
        assert method.search(f"google.logging.v2.ConfigServiceV2.{verb}")
    for verb in ("CreateSink", "GetBucket", "ListExclusions"):
        assert not method.search(f"google.logging.v2.ConfigServiceV2.{verb}")
    for project in ("acme-shop", "123456789012"):
        assert name.search(f"projects/{project}/sinks/shop-prod-audit")
        assert name.search(f"projects/{project}/exclusions/shop-prod-audit")
        assert name.search(f"projects/{project}/locations/europe-west1/buckets/shop-prod-audit")
        # What the root module changes with each container.
        assert not name.search(f"projects/{project}/sinks/shop-prod")
        assert not name.search(f"projects/{project}/locations/europe-west1/buckets/shop-prod")


def test_the_end_of_a_key_is_told_and_its_rotation_is_not() -> None:
    text = next(alarm for alarm in _audit(TOLD).alarms if alarm.label == "key_disabled").filter
    method = _expression(text, "protoPayload.methodName")
    for end in ("DestroyCryptoKeyVersion", "UpdateCryptoKeyVersion"):
        assert method.search(end)
        assert method.search(f"google.cloud.kms.v1.KeyManagementService.{end}")
    for other in ("UpdateCryptoKeyPrimaryVersion", "CreateCryptoKeyVersion", "UpdateCryptoKey", "CreateCryptoKey"):
        assert not method.search(other)


def test_roles_that_google_gives_itself_are_not_told() -> None:
    text = next(alarm for alarm in _audit(TOLD).alarms if alarm.label == "broad_rights_given").filter
    for role in ("roles/owner", "roles/editor", "roles/admin", "roles/writer"):
        assert f'"{role}"' in text
    assert text.endswith(
        'AND NOT protoPayload.authenticationInfo.principalEmail = "service-agent-manager@system.gserviceaccount.com"'
    )


def test_what_a_mail_names_is_extracted() -> None:
    """Terraform must leave `${log.…}` to Cloud Monitoring."""
    text = _files(TOLD)["account/alarms.tf"]
    for name in set(re.findall(r"log\.extracted_label\.(\w+)", text)):
        assert re.search(rf"^ +{name} += \"EXTRACT\(", text, re.M)
    assert text.count("$${log.extracted_label.who}") == 4
    assert not re.search(r"[^$]\$\{log", text)
