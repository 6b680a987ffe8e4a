"""The stand-in for hashicorp/random: a password for each run (ephemeral), and names that are never used twice."""

from __future__ import annotations

import secrets

from rig.standin.computed import Computed
from rig.standin.provider import Provider, Values


class RandomProvider(Provider):
    """The one provider that does not give the same for the same."""

    def _new_values(self, resource_type: str, planned: Values) -> Computed:
        return self.computed(resource_type, planned, self.configuration, secrets.token_hex(8))
