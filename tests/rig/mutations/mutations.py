"""All mutations."""

from __future__ import annotations

from rig.mutations.aws.edit_mutations import EDITS
from rig.mutations.aws.mutations import AWS
from rig.mutations.aws.server_mutations import SERVERS
from rig.mutations.docker.mutations import DOCKER
from rig.mutations.gcp.mutations import GCP
from rig.mutations.mutation import Mutation

MUTATIONS: tuple[Mutation, ...] = (*AWS, *SERVERS, *EDITS, *GCP, *DOCKER)
