"""The bucket with the invoices, in whichever object store its URL names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from shop.settings import Settings

_TIMEOUT = (3, 10)
"""Seconds to connect, and to wait for an answer."""


class UnknownStoreError(Exception):
    """The bucket's URL is of no object store that the application knows; the message tells which ones it does."""


class Files(Protocol):
    """Reads and writes whole objects. Raises the errors of the store's client."""

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Write an object."""

    def get(self, key: str) -> bytes:
        """Read an object."""

    def check(self) -> None:
        """Raise when the bucket cannot be reached with the credentials at hand."""


@dataclass(frozen=True)
class S3:
    """A bucket in S3, or in a store that speaks its language. `client` is boto3's."""

    client: Any
    bucket: str

    def put(self, key: str, content: bytes, content_type: str) -> None:
        self.client.put_object(Bucket=self.bucket, Key=key, Body=content, ContentType=content_type)

    def get(self, key: str) -> bytes:
        content: bytes = self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return content

    def check(self) -> None:
        self.client.head_bucket(Bucket=self.bucket)


@dataclass(frozen=True)
class CloudStorage:
    """A bucket in Google Cloud Storage. `bucket` is google-cloud-storage's."""

    bucket: Any
    retry: Any

    def put(self, key: str, content: bytes, content_type: str) -> None:
        self.bucket.blob(key).upload_from_string(content, content_type, timeout=_TIMEOUT, retry=self.retry)

    def get(self, key: str) -> bytes:
        content: bytes = self.bucket.blob(key).download_as_bytes(timeout=_TIMEOUT, retry=self.retry)
        return content

    def check(self) -> None:
        # Roles for objects may list them, but may not read the bucket itself: get_bucket would be refused.
        next(iter(self.bucket.list_blobs(max_results=1, timeout=_TIMEOUT, retry=self.retry)), None)


def connect(settings: Settings) -> Files:
    """Make the client; raises `UnknownStoreError`.

    Region, credentials and, on a developer's machine, the address come from the environment.
    """
    scheme, _, bucket = settings.bucket_url.partition("://")
    if scheme not in _STORES or not bucket:
        known = " or ".join(f"{scheme}://BUCKET" for scheme in _STORES)
        raise UnknownStoreError(f"a bucket's URL is {known}, not {settings.bucket_url!r}")
    return _STORES[scheme](bucket)


# Each client is imported where it is used: an instance loads one of them, never both.


def _s3(bucket: str) -> Files:
    import boto3
    from botocore.config import Config

    connect_timeout, read_timeout = _TIMEOUT
    retries = {"mode": "standard", "total_max_attempts": 3}
    config = Config(connect_timeout=connect_timeout, read_timeout=read_timeout, retries=retries)
    return S3(boto3.client("s3", config=config), bucket)


def _cloud_storage(bucket: str) -> Files:
    from google.cloud import storage
    from google.cloud.storage.retry import DEFAULT_RETRY

    return CloudStorage(storage.Client().bucket(bucket), DEFAULT_RETRY.with_timeout(sum(_TIMEOUT) * 2))


_STORES: Mapping[str, Callable[[str], Files]] = {"s3": _s3, "gs": _cloud_storage}
