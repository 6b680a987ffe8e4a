"""The bucket with orders and invoices, in whichever object store its URL names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

_TIMEOUT = (3, 10)
"""Seconds to connect, and to wait for an answer."""


class UnknownStoreError(Exception):
    """The bucket's URL is of no object store that the application knows; the message tells which ones it does."""


class GoneError(Exception):
    """There is no such object, or no longer."""


class Files(Protocol):
    """Reads and writes whole objects. Raises the errors of the store's client where nothing else is said."""

    def get(self, key: str) -> bytes:
        """Read an object; raises `GoneError`."""

    def put_new(self, key: str, content: bytes, content_type: str) -> bool:
        """Write an object that does not exist, and tell whether it did not: one that exists stays as it is."""


@dataclass(frozen=True)
class S3:
    """A bucket in S3, or in a store that speaks its language. `client` is boto3's."""

    client: Any
    bucket: str

    def get(self, key: str) -> bytes:
        try:
            content: bytes = self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        except self.client.exceptions.NoSuchKey as error:
            raise GoneError(key) from error
        return content

    def put_new(self, key: str, content: bytes, content_type: str) -> bool:
        kind = {"ContentType": content_type, "IfNoneMatch": "*"}
        try:
            self.client.put_object(Bucket=self.bucket, Key=key, Body=content, **kind)
        except self.client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] == "PreconditionFailed":
                return False
            raise
        return True


@dataclass(frozen=True)
class CloudStorage:
    """A bucket in Google Cloud Storage. `bucket` is google-cloud-storage's, `errors` has its exceptions."""

    bucket: Any
    retry: Any
    errors: Any

    def get(self, key: str) -> bytes:
        try:
            content: bytes = self.bucket.blob(key).download_as_bytes(timeout=_TIMEOUT, retry=self.retry)
        except self.errors.NotFound as error:
            raise GoneError(key) from error
        return content

    def put_new(self, key: str, content: bytes, content_type: str) -> bool:
        options = {"if_generation_match": 0, "timeout": _TIMEOUT, "retry": self.retry}
        try:
            self.bucket.blob(key).upload_from_string(content, content_type, **options)
        except self.errors.PreconditionFailed:
            return False
        return True


def connect(bucket_url: str) -> Files:
    """Make the client; raises `UnknownStoreError`.

    Region, credentials and, on a developer's machine, the address come from the environment.
    """
    scheme, _, bucket = bucket_url.partition("://")
    if scheme not in _STORES or not bucket:
        known = " or ".join(f"{scheme}://BUCKET" for scheme in _STORES)
        raise UnknownStoreError(f"a bucket's URL is {known}, not {bucket_url!r}")
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
    from google.api_core import exceptions
    from google.cloud import storage
    from google.cloud.storage.retry import DEFAULT_RETRY

    retry = DEFAULT_RETRY.with_timeout(sum(_TIMEOUT) * 2)
    return CloudStorage(storage.Client().bucket(bucket), retry, exceptions)


_STORES: Mapping[str, Callable[[str], Files]] = {"s3": _s3, "gs": _cloud_storage}
