"""A rule of every cloud: what an environment names on the internet can be reached, or it is told that it cannot.

Only HTTPS is open anyway. An address of another port, such as that of a mail server, needs an entry under `egress`:
without one the program waits for an answer until it gives up, which is hard to find out.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping

from cloudgen.spec.deployment import Deployment
from cloudgen.stack.base import Problems

OPEN = 443
"""HTTPS, which every container may speak."""
SCHEMES: Mapping[str, int] = {
    "amqp": 5672,
    "amqps": 5671,
    "ftp": 21,
    "imap": 143,
    "imaps": 993,
    "ldap": 389,
    "ldaps": 636,
    "mongodb": 27017,
    "mongodb+srv": 27017,
    "mqtt": 1883,
    "mqtts": 8883,
    "mssql": 1433,
    "mysql": 3306,
    "nats": 4222,
    "postgres": 5432,
    "postgresql": 5432,
    "redis": 6379,
    "rediss": 6379,
    "sftp": 22,
    "smtp": 25,
    "smtps": 465,
}
"""What a URL's scheme means where it names no port.
https://www.iana.org/assignments/service-names-port-numbers/service-names-port-numbers.xhtml
"""
_PRIVATE = tuple(
    ipaddress.IPv4Network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16")
)
"""Written down, because what Python calls private differs between its versions."""
_HOST = r"(?P<host>\d{1,3}(?:\.\d{1,3}){3}|[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\.)+[A-Za-z0-9-]{2,62})"
_URL = re.compile(
    rf"(?P<scheme>[a-z][a-z0-9+.-]{{1,30}})://(?:[^\s/@]{{0,200}}@)?{_HOST}(?::(?P<port>\d{{1,5}}))?(?![\w.])"
)
_PAIR = re.compile(rf"{_HOST}:(?P<port>\d{{2,5}})")
_ONLY_HOST = re.compile(_HOST)


def check_closed_ports(deployment: Deployment, problems: Problems, behind: Iterable[str]) -> None:
    """Warn of each variable that names a port of somebody else which is not open for its container.

    `behind` are the containers that reach the internet through the network of the deployment, and so through its rules.
    """
    for name in behind:
        container = deployment.containers[name]
        texts = {key: value for key, value in container.environment.items() if isinstance(value, str)}
        opened = {OPEN, *(way.port for way in container.egress)}
        for variable, port in _named(texts):
            if port not in opened:
                problems.warning(
                    "closed-port",
                    f"{variable} names port {port}, and container `{name}` reaches nothing there: only 443 is open",
                    ("containers", name, "environment", variable),
                    f"write egress: [{{port: {port}}}] for the container; where the program itself does not connect to "
                    "it, this warning means nothing",
                )


def _named(texts: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """Yield the variables that name a port of a host on the internet, with the port."""
    for variable, text in texts.items():
        beginning = text[:2000]
        for match in _URL.finditer(beginning):
            scheme = match["scheme"].partition("+")[0] if match["scheme"] not in SCHEMES else match["scheme"]
            if scheme == "http" or not _is_public(match["host"]):
                continue  # such an address is mostly one of one's own: an origin, a redirect
            if port := int(match["port"]) if match["port"] else SCHEMES.get(scheme):
                yield variable, port
        if "://" not in text:
            pairs = (_PAIR.fullmatch(part.strip()) for part in beginning.split(","))
            yield from ((variable, int(match["port"])) for match in pairs if match and _is_public(match["host"]))
    for variable, text in texts.items():
        host = texts.get(f"{variable.removesuffix('_PORT')}_HOST", "") if variable.endswith("_PORT") else ""
        if text.isascii() and text.isdigit() and len(text) <= 5 and _ONLY_HOST.fullmatch(host) and _is_public(host):
            yield variable, int(text)


def _is_public(host: str) -> bool:
    """Whether a host may be one on the internet: a name with a dot, or an address outside of private networks."""
    if host.endswith((".internal", ".local", ".localhost", ".svc")):
        return False
    try:
        address = ipaddress.IPv4Address(host)
    except ValueError:
        return True
    return not any(address in network for network in _PRIVATE)
