"""What the output's README says about edits: which interrupt, and which wait for a window or for a command."""

from __future__ import annotations

from collections.abc import Iterator

from cloudgen.stack.aws.parts import AwsParts
from cloudgen.stack.text import Markdown

WINDOW = "Sunday, 04:30 to 05:30 UTC"
"""The maintenance window of databases and caches, as their templates have it."""


def changes(stack: AwsParts) -> Iterator[Markdown]:
    """Yield a paragraph for each kind of edit that does not simply apply in place."""
    yield Markdown(
        "Most changes apply while the application serves. A container that is renamed is a new one: the old one goes "
        "before the new one runs. Fewer zones interrupt what runs in the zone that goes."
    )
    if stack.load_balancer and stack.load_balancer.rules:
        yield Markdown(
            "With the first domain, the rules of the paths move to the HTTPS listener. Until the certificate is "
            "issued, requests to these paths go to the container of `/`. To avoid that, make the listener first: "
            "`terraform apply -target=aws_lb_listener.https`."
        )
    if stack.storage.databases:
        yield Markdown(
            f"Another size, version or standby of a database waits for its maintenance window ({WINDOW}), and then "
            "interrupts it for minutes. Until then each plan shows the change again. To have it now: "
            "`aws rds modify-db-instance --apply-immediately --db-instance-identifier <name>`. A new version leaves "
            "the parameter group of the old one behind; it costs nothing, and can be deleted after the window."
        )
    if stack.storage.caches:
        yield Markdown(
            f"Another size of a cache waits for the window, too ({WINDOW}). To have it now: "
            "`aws elasticache modify-replication-group --apply-immediately --replication-group-id <name>`."
        )
    if stack.storage.file_systems:
        yield Markdown(
            "A kept folder belongs to its container: where one of the two is renamed, the new one begins empty. To "
            "take the files along, render with the option `--forget` that cloudgen then asks for, and give each block "
            "of the folder that `terraform state list` shows its new name by `terraform state mv`, before the apply."
        )
    for ground in stack.platforms:
        yield from ground.changes
    days = max((secret.recovery_window for secret in stack.secrets), default=0)
    if days:
        yield Markdown(
            f"A secret that is taken out of the spec keeps its name for {days} days. To have it back within them: "
            "`aws secretsmanager restore-secret --secret-id <name>`, then "
            "`terraform import aws_secretsmanager_secret.<label> <ARN>`."
        )
