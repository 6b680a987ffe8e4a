"""The bucket with the invoices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

from shop.settings import Settings

_CONFIG = Config(connect_timeout=3, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 3})


@dataclass(frozen=True)
class Files:
    """Reads and writes whole objects. Raises botocore's errors."""

    client: Any
    bucket: str

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Write an object."""
        self.client.put_object(Bucket=self.bucket, Key=key, Body=content, ContentType=content_type)

    def get(self, key: str) -> bytes:
        """Read an object."""
        content: bytes = self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return content

    def check(self) -> None:
        """Raise when the bucket cannot be reached with the credentials at hand."""
        self.client.head_bucket(Bucket=self.bucket)


def connect(settings: Settings) -> Files:
    """Make the client. Region, credentials and, on a developer's machine, the address come from the environment."""
    return Files(boto3.client("s3", config=_CONFIG), settings.bucket)
