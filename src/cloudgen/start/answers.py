"""What the user said, on the command line or when asked."""

from __future__ import annotations

from cloudgen.dataclass import dataclass

KEYS = {
    "name": "name",
    "environment": "environment",
    "aws_region": "region",
    "aws_account": "account",
    "gcp_region": "region",
    "gcp_project": "project",
    "domain": "domain",
    "database": "engine",
    "port": "port",
    "app": "app",
    "interface": "interface",
    "package_manager": "package_manager",
    "python": "python",
    "health": "path",
    "dockerfile": "dockerfile",
}
"""Answer -> the key of the spec that it becomes."""


@dataclass(frozen=True)
class Answers:
    """None where the application or a default decides. `dockerfile` is "" for the one that was found."""

    name: str | None = None
    environment: str = "production"
    aws_region: str | None = None
    aws_account: str | None = None
    gcp_region: str | None = None
    gcp_project: str | None = None
    domain: str | None = None
    database: str | None = None
    bucket: bool | None = None
    port: int | None = None
    app: str | None = None
    interface: str | None = None
    package_manager: str | None = None
    python: str | None = None
    health: str | None = None
    dockerfile: str | None = None
    schema: bool = False

    def given(self) -> set[str]:
        """Return the keys of the spec that an answer stands behind."""
        return {key for name, key in KEYS.items() if getattr(self, name) is not None}
