"""All mutations."""

from __future__ import annotations

from rig.mutations.aws.capacity_mutations import CAPACITY
from rig.mutations.aws.edit_mutations import EDITS
from rig.mutations.aws.function_mutations import FUNCTIONS
from rig.mutations.aws.machine_mutations import MACHINES
from rig.mutations.aws.mutations import AWS
from rig.mutations.aws.server_mutations import SERVERS
from rig.mutations.docker.mutations import DOCKER
from rig.mutations.gcp.function_mutations import FUNCTIONS as GCP_FUNCTIONS
from rig.mutations.gcp.machine_mutations import MACHINES as GCP_MACHINES
from rig.mutations.gcp.mutations import GCP
from rig.mutations.mutation import Mutation

MUTATIONS: tuple[Mutation, ...] = (
    *AWS,
    *FUNCTIONS,
    *MACHINES,
    *CAPACITY,
    *SERVERS,
    *EDITS,
    *GCP,
    *GCP_FUNCTIONS,
    *GCP_MACHINES,
    *DOCKER,
)
