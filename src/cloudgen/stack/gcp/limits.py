"""What Google Cloud counts. Sources are the pages of quotas of each service."""

from __future__ import annotations

from collections.abc import Iterator

from cloudgen.errors import SpecPath
from cloudgen.spec.deployment import Deployment
from cloudgen.stack.limits import Kept, Limit, told_of_objects
from cloudgen.stack.naming import labels

_RUN = "https://cloud.google.com/run/quotas"


def _variables(deployment: Deployment) -> Iterator[tuple[SpecPath, int]]:
    for name, container in deployment.containers.items():
        yield ("containers", name, "environment"), len(container.environment) + len(container.secrets)


def _lengths(deployment: Deployment) -> Iterator[tuple[SpecPath, int]]:
    for name, container in deployment.containers.items():
        for variable, value in container.environment.items():
            # What a thing of storage is reached by is far shorter.
            if not isinstance(value, str):
                continue
            yield ("containers", name, "environment", variable), len(f"{variable}={value}".encode())


def _labels(deployment: Deployment) -> Iterator[tuple[SpecPath, int]]:
    yield ("labels",), len(labels(deployment))


def _reserved_labels(deployment: Deployment) -> Iterator[tuple[SpecPath, int]]:
    for key in deployment.labels:
        yield ("labels", key), int(key.startswith("goog"))


def _channels(deployment: Deployment) -> Iterator[tuple[SpecPath, int]]:
    yield ("monitoring", "alerts", "email"), len(deployment.monitoring.alerts.email)


LIMITS = (
    Limit(
        "environment variables of one container",
        1000,
        _variables,
        "keep settings in a file of the image",
        "https://cloud.google.com/run/docs/configuring/services/overview-environment-variables",
    ),
    Limit("bytes of one environment variable", 32 * 1024, _lengths, "keep it in a file of the image", _RUN),
    Limit(
        "labels of one resource, cloudgen's own three included",
        64,
        _labels,
        "remove some",
        "https://cloud.google.com/resource-manager/docs/labels-overview",
    ),
    Limit(
        "labels that begin with goog are Google's own",
        0,
        _reserved_labels,
        "choose another key",
        "https://cloud.google.com/resource-manager/docs/labels-overview",
        code="reserved-name",
    ),
    Limit(
        "notification channels of one alert policy",
        16,
        _channels,
        "send to a list of the mail server that forwards to all",
        "https://cloud.google.com/monitoring/quotas",
    ),
    Limit(
        "containers that the new objects of one bucket start",
        10,
        told_of_objects,
        "let one container do several things with an object, or use a bucket of its own for some",
        "https://cloud.google.com/storage/docs/pubsub-notifications",
    ),
)
KEPT = Kept(
    "Cloud Run",
    ("GOOGLE_APPLICATION_CREDENTIALS", "GCE_METADATA_HOST", "GCE_METADATA_IP"),
    "https://cloud.google.com/run/docs/container-contract#env-vars",
    beginnings=("X_GOOGLE_",),
)
