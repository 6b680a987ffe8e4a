"""The stand-in for hashicorp/random: passwords that live as long as one run, and names that never come again."""

from __future__ import annotations

import secrets

from rig.standin.computed import Computed
from rig.standin.provider import Provider, Values


class RandomProvider(Provider):
    """The one provider that does not give the same for the same."""

    def _new_values(self, resource_type: str, planned: Values) -> Computed:
        return self.computed(resource_type, planned, self.configuration, secrets.token_hex(8))
