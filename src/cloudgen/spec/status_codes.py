"""Status codes of HTTP, as a health check takes them for success."""

from __future__ import annotations

from typing import Annotated

from cloudgen.spec.types import patterned

StatusCodes = Annotated[
    str,
    *patterned(
        r"[2-4][0-9]{2}(?:-[2-4][0-9]{2})?(?:,[2-4][0-9]{2}(?:-[2-4][0-9]{2})?){0,9}",
        "is not a list of HTTP status codes from 200 to 499",
        "write 200, or several: 200,302, or a range: 200-399",
        "bad-value",
    ),
]
"""Status codes of HTTP, and ranges of them, with commas between: what the load balancer of AWS takes, too.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Matcher.html
"""
