"""Secrets and the variable that hands over their values."""

from __future__ import annotations

import re

import pytest

from cloudgen.render.hcl import encode
from cloudgen.stack.aws.secrets import secrets, value_from
from cloudgen.stack.variables import variables
from rig.parts.aws import WEB, make_foundation


def test_secret_is_named_after_the_deployment() -> None:
    (secret,) = secrets(make_foundation(f"{WEB}\nsecurity: {{secrets: {{stripe-key: {{version: 3}}}}}}"))
    assert (secret.path, secret.label, secret.version) == ("shop-prod/stripe-key", "stripe_key", 3)


@pytest.mark.parametrize(("protected", "days"), [("true", 30), ("false", 0)])
def test_unprotected_secrets_go_at_once(protected: str, days: int) -> None:
    body = f"{WEB}\nsecurity: {{deletion_protection: {protected}, secrets: {{stripe-key: {{}}}}}}"
    (secret,) = secrets(make_foundation(body))
    assert secret.recovery_window == days


def test_containers_read_exactly_the_stored_version() -> None:
    (secret,) = secrets(make_foundation(f"{WEB}\nsecurity: {{secrets: {{stripe-key: {{}}}}}}"))
    # ECS: arn:json-key:version-stage:version-id
    assert encode(value_from(secret.variable("STRIPE_KEY"))) == (
        '"${aws_secretsmanager_secret.stripe_key.arn}:::${aws_secretsmanager_secret_version.stripe_key.version_id}"'
    )
    assert [str(address) for address in secret.before] == ["aws_secretsmanager_secret_version.stripe_key"]


def test_grants_name_the_secret_and_the_key_only_where_there_is_one() -> None:
    (secret,) = secrets(make_foundation(f"{WEB}\nsecurity: {{secrets: {{stripe-key: {{}}}}}}"))
    read, decrypt = secret.secret_grants
    assert read.actions == ("secretsmanager:GetSecretValue",)
    assert encode(list(read.resources)) == "[aws_secretsmanager_secret.stripe_key.arn]"
    assert decrypt.actions == ("kms:Decrypt",)
    body = f"{WEB}\nsecurity: {{encryption: provider_managed, secrets: {{stripe-key: {{}}}}}}"
    (plain,) = secrets(make_foundation(body))
    assert [grant.actions for grant in plain.secret_grants] == [("secretsmanager:GetSecretValue",)]


def test_no_variables_where_nothing_is_built_and_nothing_is_secret() -> None:
    assert variables((), ()) == ()


def test_secret_values_are_forgotten_and_optional() -> None:
    found = secrets(make_foundation(f"{WEB}\nsecurity: {{secrets: {{stripe-key: {{}}, api: {{}}}}}}"))
    (variable,) = variables((), [secret.name for secret in found])
    assert variable.name == "secret_values"
    assert variable.ephemeral
    assert variable.sensitive
    assert variable.optional
    assert variable.default == {}
    assert 'contains(["stripe-key", "api"], name)' in variable.validations[0].condition.expression
    assert variable.validations[0].error_message == "Known secrets are stripe-key, api."


def test_every_image_has_to_be_given_and_pinned() -> None:
    (variable,) = variables(("web", "orders-api"), ())
    assert encode(variable.type) == "object({\nweb = string\norders-api = string\n})"
    assert not variable.optional
    assert not variable.ephemeral
    pattern = re.search(r'regex\("(.+?)"', variable.validations[0].condition.expression)
    assert pattern is not None
    assert re.search(pattern[1], "example.com/web@sha256:" + "0" * 64)
    assert not re.search(pattern[1], "example.com/web:latest")
    assert not re.search(pattern[1], "example.com/web@sha256:0123")
