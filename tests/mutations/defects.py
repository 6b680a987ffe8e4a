"""All deliberate defects."""

from __future__ import annotations

from mutations.defect import Defect
from mutations.defects_amazon import AMAZON
from mutations.defects_aws import AWS
from mutations.defects_docker import DOCKER
from mutations.defects_gcp import GCP

DEFECTS: tuple[Defect, ...] = (*AWS, *AMAZON, *GCP, *DOCKER)
