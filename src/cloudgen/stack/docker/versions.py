"""What the generated files pull in, each pinned: images by tag, tools by version."""

from __future__ import annotations

from cloudgen.stack.text import DockerText

DEBIAN = "bookworm"
"""The Debian release below the Python images: supported until June 2028, and the one that the image tests run on."""

UV_IMAGE = "ghcr.io/astral-sh/uv:0.13.9"
POETRY = "poetry@2.5.1"
PIPENV = "pipenv@2026.10.3"
PDM = DockerText("--with 'hishel<2' pdm@2.29.4")
"""Version 2 of hishel has none of the names that this PDM asks it for."""

ADAPTER_IMAGE = (
    "public.ecr.aws/awsguru/aws-lambda-adapter:1.0.0"
    "@sha256:b4da35991627bdac98a81c377d0cc28e6989687359576dfda9f0b64be835d648"
)
"""The Lambda Web Adapter, for both architectures. Apache 2.0. https://github.com/aws/aws-lambda-web-adapter"""

VALKEY_IMAGE = "valkey/valkey:8.1"

RUSTFS_IMAGE = "rustfs/rustfs:1.0.0"
"""The object store. Apache 2.0, maintained, keeps its data on disk, needs no root; MinIO is not published any more."""

ELASTICMQ_IMAGE = "softwaremill/elasticmq-native:1.6.16"
"""The queue. Apache 2.0, speaks the protocol of SQS, starts in well under a second."""

AWS_CLI_IMAGE = "amazon/aws-cli:2.37.4"
"""Makes buckets and queues in the two above."""


def python_image(version: str) -> str:
    """The image below an application: the smallest official one that installs wheels made for glibc."""
    return f"python:{version}-slim-{DEBIAN}"


def node_image(version: str) -> str:
    """The image that builds a front end."""
    return f"node:{version}-{DEBIAN}-slim"


def database_image(engine: str, version: str) -> str:
    """The official image of a database engine, for a major version."""
    return f"{engine}:{version}"


def postgres_folder(version: str) -> str:
    """Where the official image of PostgreSQL wants its volume: from 18 on, one level above the data.

    https://github.com/docker-library/docs/blob/master/postgres/README.md#pgdata
    """
    return "/var/lib/postgresql" if int(version) >= 18 else "/var/lib/postgresql/data"
