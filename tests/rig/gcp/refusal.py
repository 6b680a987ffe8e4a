"""What a request is refused with, in the form of Google's APIs."""

from __future__ import annotations

from typing import Any, NoReturn

STATUS = {
    400: "INVALID_ARGUMENT",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
}
"""Google's name for an HTTP code: https://cloud.google.com/apis/design/errors#handling_errors."""


class Refusal(Exception):  # noqa: N818 - an answer, not a fault of the program
    """An answer with an HTTP code of 400 or more, a sentence, and the reason that clients compare."""

    def __init__(self, code: int, message: str, reason: str = "invalid") -> None:
        super().__init__(message)
        self.code, self.message, self.reason = code, message, reason

    def body(self) -> dict[str, Any]:
        """Return the answer's body."""
        errors = [{"message": self.message, "reason": self.reason, "domain": "global"}]
        status = STATUS.get(self.code, "UNKNOWN")
        return {"error": {"code": self.code, "message": self.message, "errors": errors, "status": status}}


def invalid(message: str, reason: str = "invalid") -> NoReturn:
    """Refuse what is malformed. Raises `Refusal` with 400."""
    raise Refusal(400, message, reason)


def missing(path: str) -> NoReturn:
    """Refuse what is not there. Raises `Refusal` with 404."""
    raise Refusal(404, f"The resource '{path}' was not found", "notFound")


def unknown(message: str) -> NoReturn:
    """Refuse what the fake does not know. Raises `Refusal` with 501, which no client tries again."""
    raise Refusal(501, f"the fake of Google: {message}", "notImplemented")
