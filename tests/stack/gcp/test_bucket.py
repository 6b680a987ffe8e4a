"""Buckets in Cloud Storage: names, grants and order."""

from __future__ import annotations

import pytest

from cloudgen.render.hcl import encode
from cloudgen.stack.gcp.storage.bucket import Bucket
from cloudgen.stack.gcp.storage.bucket import decide as buckets
from rig.parts.gcp import HEAD, make_foundation, refused, told

WEB = "containers: {web: {port: 8000}}"


def _bucket(
    name: str = "assets", fields: str = "", more: str = "", head: str = HEAD
) -> tuple[Bucket, list[tuple[str, str]]]:
    foundation = make_foundation(f"storage: {{buckets: {{{name}: {{{fields}}}}}}}\n{WEB}\n{more}", head)
    (bucket,) = buckets(foundation)
    return bucket, told(foundation)


def test_the_project_makes_the_name_unique() -> None:
    bucket, problems = _bucket()
    assert bucket.bucket_name == "shop-prod-assets-acme-shop"
    assert problems == []


def test_the_longest_names_fit_and_stay_distinct() -> None:
    head = HEAD.replace("name: shop", "name: a23456789012345")
    one, _ = _bucket("b23456789012345678901234", head=head)
    other, _ = _bucket("b23456789012345678901235", head=head)
    assert len(one.bucket_name) <= 63
    assert one.bucket_name != other.bucket_name


@pytest.mark.parametrize(("name", "head"), [("google-ads", HEAD), ("assets", HEAD.replace("name: shop", "name: goog"))])
def test_names_that_belong_to_google_are_refused(name: str, head: str) -> None:
    _, problems = _bucket(name, head=head)
    assert problems == [("reserved-name", f"storage.buckets.{name}")]


def test_the_name_of_the_state_is_taken() -> None:
    foundation = make_foundation(f"storage: {{buckets: {{state: {{}}}}}}\n{WEB}")
    assert refused(foundation) == [("reserved-name", "storage.buckets.state")]


@pytest.mark.parametrize(("verb", "role"), [(None, "objectUser"), ("write", "objectUser"), ("read", "objectViewer")])
def test_writing_includes_reading(verb: str | None, role: str) -> None:
    bucket, _ = _bucket()
    (grant,) = bucket.grants(verb)
    assert grant.role == f"roles/storage.{role}"
    assert grant.scope.type == "google_storage_bucket_iam_member"


def test_what_the_spec_says() -> None:
    bucket, _ = _bucket(fields="versioning: false, expire_noncurrent_after: 30d")
    assert (bucket.versioning, bucket.noncurrent_days, bucket.force_destroy) == (False, 30, False)
    loose, _ = _bucket(more="security: {deletion_protection: false, encryption: provider_managed}")
    assert loose.force_destroy is True
    assert [str(address) for address in bucket.before_bucket] == ["time_sleep.key"]
    assert [str(address) for address in loose.before_bucket] == ["time_sleep.apis"]


def test_containers_learn_the_name_and_the_url() -> None:
    bucket, _ = _bucket()
    assert [(variable.name, encode(variable.value)) for variable in bucket.environment] == [
        ("ASSETS_BUCKET", "google_storage_bucket.assets.name"),
        ("ASSETS_BUCKET_URL", '"gs://${google_storage_bucket.assets.name}"'),
    ]
