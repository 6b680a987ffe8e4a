"""What a secret is: one answer, for refusing a value in the spec and for masking it in whatever is printed.

`kinds` knows credentials by their look, `names` by the name of the variable that holds them, `assignments` inside a
longer text (`--password=…`, `host=db password=…`). `masks` hides them on a line; `literals` finds them in a spec.
"""

from __future__ import annotations

from cloudgen.spec.secrecy.assignments import follows_flag, is_secret_text, secret_spans, what_is
from cloudgen.spec.secrecy.kind import Span
from cloudgen.spec.secrecy.literals import check
from cloudgen.spec.secrecy.masks import MASK, is_secret, mask, redact, shown, unparsed_spans
from cloudgen.spec.secrecy.names import tells_secret

__all__ = [
    "MASK",
    "Span",
    "check",
    "follows_flag",
    "is_secret",
    "is_secret_text",
    "mask",
    "redact",
    "secret_spans",
    "shown",
    "tells_secret",
    "unparsed_spans",
    "what_is",
]
