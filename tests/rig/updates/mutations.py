"""The list of the deliberate defects of the second spec."""

from __future__ import annotations

from rig.updates.mutation import EditMutation
from rig.updates.mutations_aws import AWS_MUTATIONS
from rig.updates.mutations_gcp import GCP_MUTATIONS

MUTATIONS: tuple[EditMutation, ...] = (*AWS_MUTATIONS, *GCP_MUTATIONS)
