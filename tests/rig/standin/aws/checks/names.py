"""Names, descriptions and tags, as Amazon's services want them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rig.standin.configuration import Configuration
from rig.standin.shapes import Check, every, pattern, within
from rig.standin.violation import Violation

HYPHENATED = r"[a-z](-?[a-z0-9])*"
"""Lower-case letters, digits, and hyphens one at a time within; a letter first."""


def name_of(name: str, expression: str, longest: int, says: str) -> Check:
    """A name matches an expression, and is not too long."""
    return pattern(name, rf"(?=.{{1,{longest}}}\Z){expression}", f"{says}, {longest} characters at most")


queue = name_of("name", r"[\w-]+(\.fifo)?", 80, "letters, digits, hyphens and underscores")
topic = name_of("name", r"[\w-]+(\.fifo)?", 256, "letters, digits, hyphens and underscores")
database = name_of("identifier", HYPHENATED, 63, "lower-case letters, digits and single hyphens")
cache = name_of("replication_group_id", HYPHENATED, 40, "lower-case letters, digits and single hyphens")
cluster = name_of("name", r"[\w-]+", 255, "letters, digits, hyphens and underscores")
family = name_of("family", r"[\w-]+", 255, "letters, digits, hyphens and underscores")
key_alias = name_of("name", r"alias/(?!aws/)[\w/-]+", 256, "alias/ and a name of one's own")
secret = name_of("name", r"[\w/+=.@-]+", 512, "letters, digits and /_+=.@-")
schedule = name_of("name", r"[\w.-]+", 64, "letters, digits, hyphens, underscores and dots")
log_group = name_of("name", r"(?!aws/)[\w./#-]+", 512, "letters, digits and ._-/#, and not AWS's own")
alarm = name_of("alarm_name", r"[^\x00-\x1f\x7f]+", 255, "a text without control characters")
trail = name_of(
    "name", r"(?=...)[A-Za-z0-9]+([._-][A-Za-z0-9]+)*", 128, "words of letters and digits, three signs or more"
)
role = every(
    name_of("name", r"[\w+=,.@-]+", 64, "letters, digits and +=,.@-_"),
    name_of("name_prefix", r"[\w+=,.@-]+", 38, "letters, digits and +=,.@-_"),
)
balancer = every(
    name_of("name", r"(?!internal-)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?", 32, "letters, digits and hyphens within"),
    name_of("name_prefix", r"[A-Za-z0-9][A-Za-z0-9-]*", 6, "letters, digits and hyphens"),
)
bucket = name_of(
    "bucket",
    r"(?!xn--|sthree-|amzn-s3-demo-)(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+\Z)[a-z0-9][a-z0-9.-]+[a-z0-9](?<!-s3alias)",
    63,
    "lower-case letters, digits, dots and hyphens",
)
repository = name_of("name", r"[a-z0-9]+([._/-]+[a-z0-9]+)*", 256, "words of lower-case letters and digits")
subnet_group = name_of("name", r"(?!default\Z)[a-z0-9 ._-]+", 255, "lower-case letters, digits, spaces and ._-")
firewall = every(
    name_of("name", r"[\w-]+", 128, "letters, digits, hyphens and underscores"),
    within("rule.visibility_config", name_of("metric_name", r"(?!All\Z|Default_Action\Z)[\w-]+", 255, "a metric")),
)
certificate = name_of("domain_name", r"[a-z0-9*.-]+", 64, "a domain, whose name in the certificate is short")

TEXT = r"[A-Za-z0-9_ .:/()#,@\[\]+=&;{}!$*-]*"
security_group = every(
    name_of("name", rf"(?!sg-){TEXT}", 255, "plain ASCII"),
    name_of("name_prefix", rf"(?!sg-){TEXT}", 229, "plain ASCII"),
    name_of("description", TEXT, 255, "plain ASCII"),
)
rule_text = name_of("description", TEXT, 255, "plain ASCII")

TAG = re.compile(r"[\w\s.:/=+@-]*", re.UNICODE)


def tags(resource: Configuration) -> Iterator[Violation]:
    """Tags are few, short, of plain signs, and not AWS's own."""
    found = resource.values.get("tags")
    if not isinstance(found, dict):
        return
    if len(found) > 50:
        yield Violation(("tags",), f"{len(found)} tags are more than 50")
    for key, value in found.items():
        if key.lower().startswith("aws:") or not 1 <= len(key) <= 128 or not TAG.fullmatch(key):
            yield Violation(("tags",), f"{key!r} is not a key of 1 to 128 plain signs without the prefix aws:")
        if isinstance(value, str) and (len(value) > 256 or not TAG.fullmatch(value)):
            yield Violation(("tags",), f"{value!r} is not a value of at most 256 plain signs")
