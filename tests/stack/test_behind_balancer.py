"""The module in images of WSGI applications that tells them the client's address."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cloudgen.pipeline import build, read_spec
from cloudgen.render import render
from cloudgen.stack import contract

SPEC = """\
version: 1
name: shop
targets: {{aws: {{region: eu-west-1}}, gcp: {{region: europe-west1, project: acme-shop}}}}
containers:
  web: {web}
load_balancer: {{domain: shop.example.com}}
"""

BALANCER = "198.51.100.7"
KNOWN = ",".join((*contract.PROXIES, BALANCER))
CLIENT = "203.0.113.9"


def files_of(folder: Path, target: str, web: str) -> dict[str, str]:
    spec = folder / "cloudgen.yaml"
    spec.write_text(SPEC.format(web=web), encoding="utf-8")
    return {file.path: file.text for file in render(build(read_spec(str(spec)), target))}


Ask = Callable[..., tuple[str, str | None]]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Ask an application behind the module that stands in the Dockerfile; return what it sees."""
    dockerfile = files_of(tmp_path, "docker", "{port: 8000, build: {interface: wsgi}}")["web.Dockerfile"]
    written = re.search(r"^ +&& (printf .*?)>/usr/local/lib/wsgi/(\w+).py$", dockerfile, re.MULTILINE | re.DOTALL)
    assert written is not None
    path = tmp_path / f"{written[2]}.py"
    subprocess.run(["sh", "-c", f"{written[1]} >{path.name}"], cwd=tmp_path, check=True)
    seen: dict[str, Any] = {}
    util = types.ModuleType("gunicorn.util")
    vars(util)["import_app"] = {"main:app": lambda environ, _: seen.update(environ)}.__getitem__
    monkeypatch.setitem(sys.modules, "gunicorn", types.ModuleType("gunicorn"))
    monkeypatch.setitem(sys.modules, "gunicorn.util", util)

    def asked(forwarded: str | None, peer: str = "10.0.0.4", trusted: str = KNOWN) -> tuple[str, str | None]:
        monkeypatch.setenv(contract.FORWARDED, trusted)
        found = importlib.util.spec_from_file_location("behind_balancer", path)
        assert found is not None
        assert found.loader is not None
        module = importlib.util.module_from_spec(found)
        found.loader.exec_module(module)
        seen.clear()
        header = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
        module.application("main:app")({"REMOTE_ADDR": peer, **header}, None)
        return seen["REMOTE_ADDR"], seen.get("HTTP_X_FORWARDED_FOR")

    return asked


@pytest.mark.parametrize(
    ("forwarded", "left"),
    [
        (CLIENT, CLIENT),
        (f"{CLIENT}, {BALANCER}", CLIENT),
        (f"192.0.2.1,{CLIENT} ,{BALANCER}", f"192.0.2.1, {CLIENT}"),
        (f"10.0.0.9, nonsense, {CLIENT}, {BALANCER}, 10.20.0.4", f"10.0.0.9, nonsense, {CLIENT}"),
    ],
)
def test_it_is_who_stands_last_and_is_no_proxy(ask: Ask, forwarded: str, left: str) -> None:
    assert ask(forwarded) == (CLIENT, left)


def test_nobody_else_may_say_who_the_client_is(ask: Ask) -> None:
    assert ask("192.0.2.1", peer="192.0.2.99") == ("192.0.2.99", "192.0.2.1")
    assert ask("192.0.2.1", trusted="") == ("10.0.0.4", "192.0.2.1")


def test_a_request_without_the_header_stays_as_it_is(ask: Ask) -> None:
    assert ask(None) == ("10.0.0.4", None)
    assert ask("") == ("10.0.0.4", "")


def test_within_the_network_it_is_the_first(ask: Ask) -> None:
    assert ask("10.0.0.9, 10.0.0.8") == ("10.0.0.9", "10.0.0.9")


def test_the_spec_may_trust_whom_it_wants(ask: Ask) -> None:
    assert ask(f"{CLIENT}, {BALANCER}", trusted="*") == (CLIENT, CLIENT)
    assert ask(f"{CLIENT}, 2001:db8::7", trusted=" 2001:db8::/32, unix:, 10.0.0.4 ") == (CLIENT, CLIENT)


def test_only_gunicorn_needs_it(tmp_path: Path) -> None:
    for web in ("{port: 8000}", "{port: 8000, build: {interface: wsgi}, command: [uwsgi, --ini, uwsgi.ini]}"):
        assert "behind_balancer" not in files_of(tmp_path, "docker", web)["web.Dockerfile"]


def test_a_server_of_the_specs_finds_whom_to_trust(tmp_path: Path) -> None:
    web = "{port: 8000, command: [hypercorn, 'main:app']}"
    assert f'FORWARDED_ALLOW_IPS="{",".join(contract.PROXIES)}"' in files_of(tmp_path, "docker", web)["web.Dockerfile"]
    worker = "{command: [python, -m, shop.worker]}"
    assert "FORWARDED" not in files_of(tmp_path, "docker", f"{{port: 80, image: nginx}}\n  w: {worker}")["w.Dockerfile"]
