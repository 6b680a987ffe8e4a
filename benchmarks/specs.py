"""Specs of any size: half services, a quarter workers, a quarter jobs, each with a time zone of its own."""

from __future__ import annotations

import json

ROUTES = 50
"""Services beyond these are reached from inside only: a load balancer takes about a hundred rules."""


def spec(count: int, routes_at_most: int = ROUTES) -> str:
    """Return a spec with so many containers, as JSON, which is YAML, too."""
    containers: dict[str, object] = {}
    routes: list[dict[str, str]] = []
    for number in range(count):
        name, environment = f"part-{number}", {"LOG_LEVEL": "info", "NUMBER": str(number)}
        kind = ("service", "worker", "service", "job")[number % 4]
        container: dict[str, object] = {"image": "ghcr.io/acme/part:1.2.3", "environment": environment}
        if kind == "service":
            container["port"] = 8000
            if len(routes) < routes_at_most:
                routes.append({"path": f"/{name}" if routes else "/", "container": name})
        if kind == "job":
            container["schedule"] = {"cron": f"{number % 60} 2 * * *", "timezone": "Europe/Berlin"}
        containers[name] = container
    data = {
        "version": 1,
        "name": "shop",
        "environment": "production",
        "targets": {"aws": {"region": "eu-west-1"}, "gcp": {"region": "europe-west1", "project": "acme-shop"}},
        "containers": containers,
        "load_balancer": {"domain": "shop.example.com", "dns_zone": "example.com", "routes": routes},
        "monitoring": {"alerts": {"email": ["ops@example.com"]}},
    }
    return json.dumps(data, indent=2) + "\n"
