"""A variable that names a port of somebody else is told, unless that port is open."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from cloudgen.pipeline import Spec, build
from cloudgen.spec.loader import loads
from cloudgen.spec.parse import parse
from cloudgen.stack import coordinate_models

USUAL = {"image": "nginx:1", "port": 8000}


def told(target: str, rest: Mapping[str, Any] | None = None, /, **web: Any) -> set[str]:
    """Return the variables of a container that a warning of closed ports names."""
    data = {
        "version": 1,
        "name": "shop",
        "environment": "development",
        "targets": {"aws": {"region": "eu-west-1"}, "gcp": {"region": "europe-west1", "project": "acme-shop"}},
        "containers": {"web": {key: value for key, value in {**USUAL, **web}.items() if value is not None}},
        **(rest or {}),
    }
    document = loads(json.dumps(data))
    found = build(Spec(document, parse(document, coordinate_models()), Path()), target).warnings
    return {str(one.path[-1]) for one in found if one.code == "closed-port"}


@pytest.mark.parametrize("target", ["aws", "gcp"])
@pytest.mark.parametrize(
    "value",
    [
        "smtp://mail.example.com:587",
        "smtps://mail.example.com",
        "mongodb+srv://cluster0.example.mongodb.net/shop",
        "postgresql+asyncpg://db.example.com/shop",
        "https://search.example.com:9243/index",
        "k1.example.com:9092,k2.example.com:9092",
        "see redis://203.0.113.7:6380/0",
    ],
)
def test_a_port_that_is_closed_is_told(target: str, value: str) -> None:
    assert told(target, environment={"A": value}) == {"A"}


def test_a_host_and_a_port_of_one_name_belong_together() -> None:
    assert told("aws", environment={"EMAIL_HOST": "smtp.example.com", "EMAIL_PORT": "587"}) == {"EMAIL_PORT"}
    assert told("aws", environment={"EMAIL_HOST": "localhost", "EMAIL_PORT": "587"}) == set()
    assert told("aws", environment={"OTHER_PORT": "587", "PORT_HOST": "a.example.com"}) == set()


@pytest.mark.parametrize(
    "value",
    [
        "https://api.example.com",
        "https://api.example.com:443/v1",
        "http://shop.example.com:8080",
        "http://localhost:3000",
        "redis://cache:6379/0",
        "postgresql://10.20.0.5:5432/x",
        "db.corp.internal:5432",
        "12:30",
        "version 1.2.3:4",
        "ops@example.com:25 things",
    ],
)
def test_what_is_open_or_no_address_on_the_internet_is_not_told(value: str) -> None:
    assert told("aws", environment={"A": value}) == set()


def test_a_port_that_is_open_is_not_told() -> None:
    environment = {"A": "smtp://mail.example.com:587", "B_HOST": "m.example.com", "B_PORT": "465"}
    assert told("gcp", environment=environment, egress=[{"port": 587}, {"port": 465}]) == set()


@pytest.mark.parametrize(("target", "expected"), [("aws", set()), ("gcp", {"MAIL"})])
@pytest.mark.parametrize("where", ["container", "compute"])
def test_a_function_outside_of_the_network_reaches_all(target: str, expected: set[str], where: str) -> None:
    environment = {"MAIL": "smtp://mail.example.com:587"}
    build: dict[str, Any] = {"image": None, "build": {"app": "shop.main:app"}, "environment": environment}
    own = {"platform": "functions"} if where == "container" else {}
    everywhere = {"compute": {"platform": "functions"}} if where == "compute" else {}
    assert told(target, everywhere, **build, **own) == expected
