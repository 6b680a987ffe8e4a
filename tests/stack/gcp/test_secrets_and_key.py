"""Secrets and the key: who may read, who may encrypt, and what is written when."""

from __future__ import annotations

from cloudgen.stack.gcp.kms import key
from cloudgen.stack.gcp.secrets import secrets
from rig.parts.gcp import make_foundation

BODY = "containers: {web: {port: 80}}\nsecurity: {secrets: {stripe-key: {version: 3}}"


def test_a_secret_is_read_in_the_version_that_terraform_wrote() -> None:
    (secret,) = secrets(make_foundation(f"{BODY}}}"))
    assert (secret.secret_id, secret.version, secret.protected) == ("shop-prod-stripe-key", "3", True)
    variable = secret.variable("STRIPE_KEY")
    assert (variable.name, str(variable.secret), str(variable.version)) == (
        "STRIPE_KEY",
        "google_secret_manager_secret.stripe_key.secret_id",
        "google_secret_manager_secret_version.stripe_key.version",
    )
    (grant,) = secret.grants
    assert (grant.role, grant.scope.label) == ("roles/secretmanager.secretAccessor", "stripe_key")
    assert [str(address) for address in secret.before_secret] == ["time_sleep.key"]


def test_without_a_key_a_secret_waits_for_the_api() -> None:
    (secret,) = secrets(make_foundation(f"{BODY}, encryption: provider_managed}}"))
    assert [str(address) for address in secret.before_secret] == ["time_sleep.apis"]


def test_the_key_is_granted_to_each_agent_once_and_always_to_that_of_logs() -> None:
    decided = key(make_foundation("containers: {web: {port: 80}}"), ["storage", "database", "storage"])
    assert decided is not None
    assert [member.label for member in decided.members] == ["database", "logs", "storage"]
    assert (decided.storage, decided.logs, decided.protected) == (True, True, True)
    plain = key(make_foundation("containers: {web: {port: 80}}"), [])
    assert plain is not None
    assert (plain.storage, plain.agents) == (False, ("logs",))


def test_no_key_where_google_s_own_encrypt() -> None:
    foundation = make_foundation("containers: {web: {port: 80}}\nsecurity: {encryption: provider_managed}")
    assert key(foundation, ["storage"]) is None
