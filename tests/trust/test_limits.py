"""What a cloud counts is told at the line, before an apply finds it out."""

# ruff: noqa: E501  # the table reads better so
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cloudgen.errors import Problem
from cloudgen.pipeline import Spec, build
from cloudgen.spec.loader import DocumentError, loads
from cloudgen.spec.parse import parse
from cloudgen.stack import clashes, coordinate_models, naming


def problems(target: str, **sections: Any) -> list[Problem]:
    data = {
        "version": 1,
        "name": "shop",
        "environment": "development",
        "targets": {"aws": {"region": "eu-west-1"}, "gcp": {"region": "europe-west1", "project": "acme-shop"}},
        "containers": {"web": {"image": "nginx:1", "port": 8000}},
        **sections,
    }
    document = loads(json.dumps(data))
    try:
        return list(build(Spec(document, parse(document, coordinate_models()), Path()), target).warnings)
    except DocumentError as error:
        return list(error.problems)


def names(prefix: str, number: int) -> list[str]:
    return [f"{prefix}{index}" for index in range(number)]


def web(**more: Any) -> dict[str, Any]:
    return {"web": {"image": "nginx:1", "port": 8000, **more}}


CASES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "target groups": ("aws", "error", {
        "containers": {name: {"image": "nginx:1", "port": 80} for name in names("s", 101)},
        "load_balancer": {"routes": [{"path": "/" if not i else f"/{i}", "container": f"s{i}"} for i in range(101)]}}),
    "rules of a balancer": ("aws", "warning", {
        "load_balancer": {"routes": [{"path": "/" if not i else f"/{i}", "container": "web"} for i in range(102)]}}),
    "rules of a group": ("aws", "warning", {
        "storage": {"caches": {name: {} for name in names("c", 59)}}, "containers": web(connects_to=names("c", 59))}),
    "policies": ("aws", "error", {
        "storage": {"buckets": {name: {} for name in names("b", 100)}}, "containers": web(connects_to=names("b", 100))}),
    "policies of secrets": ("aws", "error", {
        "security": {"secrets": {name: {} for name in names("s", 140)}},
        "containers": web(secrets={name.upper(): name for name in names("s", 140)})}),
    "task definition of secrets": ("aws", "error", {
        "security": {"secrets": {"s": {}}}, "containers": web(secrets=dict.fromkeys(names("S", 500), "s"))}),
    "tags": ("aws", "error", {"labels": dict.fromkeys(names("l", 47), "x")}),
    "task definition": ("aws", "error", {"containers": web(environment={"A": "x " * 33_000})}),
    "objects of a bucket": ("aws", "error", {
        "storage": {"buckets": {"assets": {}}},
        "containers": {n: {"trigger": {"bucket": "assets", "prefix": f"{n}/"}} for n in names("t", 101)}}),
    "objects of a bucket on gcp": ("gcp", "error", {
        "storage": {"buckets": {"assets": {}}},
        "containers": {n: {"trigger": {"bucket": "assets"}} for n in names("t", 11)}}),
    "variables": ("gcp", "error", {"containers": web(environment=dict.fromkeys(names("V", 1001), "x"))}),
    "a long variable": ("gcp", "error", {"containers": web(environment={"A": "x " * 17_000})}),
    "labels": ("gcp", "error", {"labels": dict.fromkeys(names("l", 62), "x")}),
    "labels of Google": ("gcp", "error", {"labels": {"goog-x": "y"}}),
    "channels": ("gcp", "error", {"monitoring": {"alerts": {"email": [f"{n}@example.com" for n in names("a", 17)]}}}),
    "the range of Cloud SQL": ("gcp", "error", {
        "storage": {"databases": {"main": {}}}, "networking": {"cidr": "172.17.0.0/16"}}),
    "the range that Cloud Run does not reach": ("gcp", "warning", {"networking": {"cidr": "192.168.0.0/16"}}),
    "names of Cloud Run": ("gcp", "error", {"containers": web(environment={"X_GOOGLE_A": "y"})}),
    "names of ECS": ("aws", "warning", {"containers": web(environment={"AWS_REGION": "eu-west-1"})}),
    "names of loaders": ("aws", "warning", {"containers": web(environment={"LD_PRELOAD": "/x/y.so"})}),
    "names of loaders on gcp": ("gcp", "warning", {"containers": web(environment={"PATH": "/x/y"})}),
}  # fmt: skip


CODES = ("over-limit", "reserved-name", "reserved-range", "bad-value")


@pytest.mark.parametrize("case", CASES)
def test_more_than_a_cloud_has_is_told(case: str) -> None:
    target, severity, sections = CASES[case]
    found = [one for one in problems(target, **sections) if one.code in CODES]
    assert [one.severity for one in found] == [severity]
    assert found[0].path
    assert found[0].hint


@pytest.mark.parametrize(
    "cidr",
    ["0.0.0.0/16", "127.0.0.0/16", "169.254.0.0/16", "198.18.0.0/16", "240.0.0.0/16", "172.32.0.0/16", "10.0.0.0/7"],
)
def test_only_the_ranges_of_rfc_1918_are_private(cidr: str) -> None:
    assert [one.code for one in problems("aws", networking={"cidr": cidr})] == ["bad-value"]


def test_two_names_that_become_one_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    caches: dict[str, Any] = {"caches": {"session-store-xaaaae": {}, "session-store-xaaahg": {}}}
    sections = {"name": "nnnnnnnnnnnnnnn", "environment": "staging", "storage": caches}
    assert not [one for one in problems("aws", **sections) if one.severity == "error"]
    monkeypatch.setattr(naming, "DIGITS", 4)
    assert {one.code for one in problems("aws", **sections)} >= {"name-clash"}


def test_a_shortened_name_keeps_what_it_was() -> None:
    short = naming.fit("a" * 70, 63)
    assert len(short) == 63
    assert short[-9] == "-"
    assert isinstance(short, naming.Shortened)
    assert naming.fit("a" * 63, 63) == "a" * 63
    assert clashes.check_shortened((short, short)) == ()
