"""Secrets in Secrets Manager. Terraform writes their values, and keeps them neither in its state nor in its plans."""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Grant
from cloudgen.stack.aws.kms import use_key
from cloudgen.stack.base import Address, SecretVariable, Template, join, label


@dataclass(frozen=True)
class Secret:
    """A secret, rendered by secrets.tf."""

    name: str
    path: str
    """Its name in Secrets Manager: `<prefix>/<name>`."""
    description: str
    version: int
    recovery_window: int
    """Days that a deleted secret can be restored, while its name stays taken. 0: deleted at once."""
    key_grants: tuple[Grant, ...]

    @property
    def label(self) -> str:
        """The Terraform label."""
        return label(self.name)

    @property
    def address(self) -> Address:
        """The secret's address."""
        return Address("aws_secretsmanager_secret", self.label)

    @property
    def value(self) -> Address:
        """The address of the stored value."""
        return Address("aws_secretsmanager_secret_version", self.label)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Every block that it renders."""
        return (self.address, self.value)

    def variable(self, name: str) -> SecretVariable:
        """The environment variable that holds the version that terraform stored, so that a new value is rolled out."""
        return SecretVariable(name, self.address.arn, version=self.value.version_id)

    @property
    def secret_grants(self) -> tuple[Grant, ...]:
        """What an execution role needs to read it."""
        return (Grant("ReadSecrets", ("secretsmanager:GetSecretValue",), (self.address.arn,)), *self.key_grants)

    @property
    def before(self) -> tuple[Address, ...]:
        """What must exist before a container that reads it starts."""
        return (self.value,)


def secrets(foundation: Foundation) -> tuple[Secret, ...]:
    """Decide the secrets, in the order of the spec."""
    security = foundation.deployment.security
    return tuple(
        Secret(
            name=name,
            path=f"{foundation.prefix}/{name}",
            description=f"Secret {name} of {foundation.prefix}",
            version=secret.version,
            # 7 to 30 days, or 0. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html
            recovery_window=30 if security.deletion_protection else 0,
            key_grants=use_key(foundation, "DecryptSecrets", "secretsmanager", "Decrypt"),
        )
        for name, secret in security.secrets.items()
    )


def value_from(variable: SecretVariable) -> Template:
    """Which value to read, as ECS writes it: ARN, key of the JSON text, stage and id of the version, colons between.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
    """
    version = () if variable.version is None else (variable.version,)
    return join(variable.secret, f":{variable.key or ''}::", *version)
