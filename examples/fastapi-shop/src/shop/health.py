"""What the platform asks to find out whether this instance works."""

from __future__ import annotations

import logging

from fastapi import APIRouter, Request, Response

from shop import database

logger = logging.getLogger(__name__)
router = APIRouter()


@router.get("/healthz")
def alive() -> dict[str, str]:
    """Say that the process answers. Nothing else is asked: a database that is down is not mended by a restart here."""
    return {"status": "ok"}


@router.get("/readyz")
def ready(request: Request, response: Response) -> dict[str, str]:
    """Say whether the database and the bucket answer; 503 when one does not."""
    checks = {"database": lambda: database.check(request.app.state.engine), "bucket": request.app.state.files.check}
    result = {}
    for name, check in checks.items():
        try:
            check()
            result[name] = "ok"
        except Exception:
            # Whatever it is, it is in the log; the answer tells strangers no details.
            logger.exception("%s does not answer", name)
            result[name] = "failed"
            response.status_code = 503
    return result
