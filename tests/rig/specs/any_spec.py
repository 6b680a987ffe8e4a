"""Specs made by dice: any mixture of what the format has and both clouds can render."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from cloudgen.spec.environment import PARTS

DIGEST = "@sha256:" + "0123456789abcdef" * 4
NAMES = (
    *("api", "web", "end", "default", "self", "count", "each", "type", "x1", "a", "a-b", "b-c", "nightly-report"),
    "averyveryverylongname-24",
)
"""Of containers: words of Terraform's own, long ones, and those that join to one with others."""
PATHS = ("/b/c", "/b.c", "/b-c", "/c", "/c/d", "/~x", "/api/v1.2", "/" + "long/" * 20)
COMMAND = ["python", "-m", "work", "--text", "a b ${c} %{d} \"e\" 'f'"]
TEXTS = ("info", "", "100 % ${x} %{y}", "a\\b\"c'\nü", "no", "010", "12:30")
SIZES = ("xsmall", "small", "medium", "large", "xlarge")


@dataclass(frozen=True)
class Dice:
    """A source of choices."""

    random: Random

    def one(self, *choices: Any) -> Any:
        """One of these."""
        return self.random.choice(choices)

    def some(self, choices: Sequence[str], most: int) -> list[str]:
        """Different ones of these, at most so many, maybe none."""
        return self.random.sample(choices, self.random.randint(0, most))

    def number(self, least: int, most: int) -> int:
        """A number within these bounds."""
        return self.random.randint(least, most)

    def maybe(self, **fields: Any) -> dict[str, Any]:
        """Each of these fields, or not; whoever leaves one out gets its default."""
        return {name: value for name, value in fields.items() if self.random.random() < 0.5}


def any_spec(random: Random) -> dict[str, Any]:
    """Return a spec for both clouds, as YAML would give it. It is valid, but a cloud may refuse it."""
    dice = Dice(random)
    storage = _storage(dice)
    secrets = dice.some(["stripe-key", "k", "token-of-web"], 2)
    containers = {
        name: _container(dice, storage, secrets)
        for name in random.sample(NAMES, dice.number(1, 4))
    }  # fmt: skip
    spec: dict[str, Any] = {
        "version": 1,
        "name": dice.one("shop", "a1", "fifteen-letters"),
        "targets": {
            "aws": {"region": dice.one("eu-west-1", "us-east-1"), **dice.maybe(account="111122223333")},
            "gcp": {"region": dice.one("europe-west1", "us-central1"), "project": "acme-shop"},
        },
        "containers": containers,
        "storage": storage,
        **dice.maybe(
            environment=dice.one("development", "staging", "production"),
            labels={"team": "shop", "cost-center": "4711"},
            state={"backend": dice.one("local", "remote")},
            networking=_networking(dice),
            monitoring=_monitoring(dice),
            scaling={"min": 1, "max": 4, **dice.maybe(schedules=[_change(dice)], requests_per_instance=80)},
        ),
        "security": {
            "secrets": {name: {} for name in secrets},
            **dice.maybe(
                encryption=dice.one("customer_managed", "provider_managed"), deletion_protection=dice.one(True, False)
            ),
        },
    }
    served = [name for name, container in containers.items() if "port" in container]
    if served and dice.number(0, 4):
        spec["load_balancer"] = _load_balancer(dice, served)
    return spec


def _container(dice: Dice, storage: dict[str, Any], secrets: list[str]) -> dict[str, Any]:
    kind = dice.one("service", "service", "worker", "job")
    source: dict[str, Any] = dice.one(
        {"build": dice.maybe(python=dice.one("3.10", "3.14"), package_manager=dice.one("uv", "poetry"))},
        {"dockerfile": "docker/own.Dockerfile"},
        {"image": dice.one("nginx:1.29", f"ghcr.io/acme/web{DIGEST}")},
    )
    container = {
        **source,
        "connects_to": _connections(dice, storage),
        "secrets": {f"S{number}": name for number, name in enumerate(secrets)},
        **dice.maybe(
            environment={"LOG_LEVEL": "info", "TEXT": dice.one(*TEXTS)},
            read_only=False,
            user=dice.number(1, 65534),
            size=dice.one(*SIZES),
            capacity=dice.one("spot", "serverless"),
        ),
    }
    if kind == "service":
        container["port"] = dice.one(80, 8000, 65535)
        container |= dice.maybe(
            health_check={
                "interval": f"{dice.number(6, 300)}s",
                "timeout": f"{dice.number(1, 5)}s",
                "grace_period": f"{dice.number(1, 1800)}s",
                "path": dice.one("/", "/up/now.txt"),
                **dice.maybe(success=dice.one("200", "200-399", "200,301-302"), host="shop.example.com"),
            }
        )
    else:
        container["command"] = list(COMMAND)
    if kind == "job":
        cron = dice.one("0 2 * * *", "*/5 * * * *", "30 3 1 * *", "0 7 * * 1-5", "15 14 * * 0")
        later = dice.maybe(timezone="Europe/Berlin", timeout=dice.one("1m", "24h"), retries=dice.number(0, 10))
        container["schedule"] = {"cron": cron, **later}
    else:
        least = dice.number(0, 3)
        bounds = {"min": least, "max": dice.number(max(1, least), 6)}
        container |= dice.maybe(
            scaling={**bounds, **dice.maybe(cpu="45%", requests_per_instance=dice.number(1, 300))},
            release=["migrate", dice.one(*TEXTS)],
        )
    if references := _references(dice, storage, container["connects_to"], built="build" in source):
        container["environment"] = {**container.get("environment", {}), **references}
    return container


def _references(dice: Dice, storage: dict[str, Any], connections: list[str], *, built: bool) -> dict[str, Any]:
    """Some parts of what a container connects to, each under a name of the application's own."""
    found: dict[str, Any] = {}
    for kind, things in storage.items():
        parts = [part for part in PARTS[kind] if part != "arn" and (kind, part) != ("queues", "url")]
        known = [part for part in parts if built or (kind, part) != ("databases", "url")]
        for name in things:
            if any(connection.partition(":")[0] == name for connection in connections):
                found |= dice.maybe(**{f"OWN_{len(found)}": {"from": f"{name}.{dice.one(*known)}"}})
    return found


def _connections(dice: Dice, storage: dict[str, Any]) -> list[str]:
    verbs = {
        "databases": ("",),
        "buckets": ("", ":read", ":write"),
        "caches": ("",),
        "queues": (":publish", ":consume"),
    }
    known = [f"{name}{dice.one(*verbs[kind])}" for kind, things in storage.items() for name in things]
    return dice.some(known, len(known))


def _storage(dice: Dice) -> dict[str, Any]:
    def database() -> dict[str, Any]:
        engine, versions = dice.one(("postgres", ("14", "16", "18")), ("mysql", ("8.0", "8.4")))
        backups = {"retention": f"{dice.number(1, 35)}d", "point_in_time": dice.one(True, False)}
        return {
            "engine": engine,
            **dice.maybe(version=dice.one(*versions), size=dice.one(*SIZES), disk=dice.one("20Gi", "1000Gi")),
            **dice.maybe(high_availability=dice.one(True, False), backups=backups),
        }

    days = f"{dice.number(1, 400)}d"
    return {
        "databases": {name: database() for name in dice.some(["orders-db", "c", "b-to-c"], 2)},
        "buckets": {
            name: dice.maybe(versioning=dice.one(True, False), expire_noncurrent_after=days)
            for name in dice.some(["assets", "up-loads", "d"], 2)
        },
        "caches": {
            name: dice.maybe(size=dice.one(*SIZES), replicas=dice.number(0, 3))
            for name in dice.some(["sessions", "hot-things"], 1)
        },
        "queues": {
            name: dice.maybe(ack_deadline=f"{dice.number(10, 600)}s", max_deliveries=dice.number(5, 100))
            for name in dice.some(["jobs", "mails"], 2)
        },
    }


def _load_balancer(dice: Dice, served: list[str]) -> dict[str, Any]:
    paths = dice.some(PATHS, len(PATHS))
    routes = [{"path": "/", "container": dice.one(*served)}]
    routes += [{"path": path, "container": dice.one(*served)} for path in paths]
    domain: dict[str, Any] = dice.one(
        {},
        {"domain": "shop.example.com"},
        {"domain": "example.com", "create_zone": True},
        {"domain": "a.b.example.org", "dns_zone": "example.org"},
        {"domain": "example.com", "aliases": ["www.example.com", "old-shop.example.com"]},
    )
    return {**domain, "routes": routes, **dice.maybe(tls=dice.one("managed", "none"), waf=dice.one(True, False))}


def _networking(dice: Dice) -> dict[str, Any]:
    return dice.maybe(
        cidr=dice.one("10.0.0.0/16", "172.16.0.0/18"),
        zones=dice.number(2, 3),
        nat=dice.one("none", "single", "per_zone"),
        private_endpoints=dice.one(True, False),
        flow_logs=dice.one(True, False),
    )


def _monitoring(dice: Dice) -> dict[str, Any]:
    told = dice.some(["ops@example.com", "b.c+d@example.org"], 2)
    return dice.maybe(
        logs={"retention": dice.one("1d", "30d", "200d", "3650d")},
        alerts={"email": told, **dice.maybe(error_rate="2.5%", latency_p95="300ms", cpu="55%", database_disk="70%")},
        dashboard=dice.one(True, False),
        audit=dice.one(True, False),
    )


def _change(dice: Dice) -> dict[str, Any]:
    return {"cron": dice.one("0 7 * * 1-5", "30 20 * * *"), "timezone": "Europe/Berlin", "min": dice.number(1, 4)}
