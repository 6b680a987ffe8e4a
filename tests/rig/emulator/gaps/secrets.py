"""Secrets Manager: secrets that RDS manages."""

from __future__ import annotations

from moto.secretsmanager.models import SecretsManagerBackend

BY_RDS = "rds!"
"""What the names of these secrets begin with."""


def mend_managed_rotation() -> None:
    """Let the rotation of a secret that RDS manages be cancelled, though no function of the user's rotates it.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_managed.html
    """
    cancel = SecretsManagerBackend.cancel_rotate_secret

    def cancel_managed(self: SecretsManagerBackend, secret_id: str) -> str:
        secret = self.secrets.get(secret_id)
        if secret is not None and secret.name.startswith(BY_RDS):
            secret.rotation_enabled = False
            return str(secret.to_short_dict())
        return str(cancel(self, secret_id))

    SecretsManagerBackend.cancel_rotate_secret = cancel_managed
