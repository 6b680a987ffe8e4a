"""How often each link was followed, counted in the cache: quick, and may be forgotten."""

from __future__ import annotations

import logging

import redis

logger = logging.getLogger(__name__)

MONTH = 30 * 24 * 60 * 60
"""Seconds after its last visit that a link's count is kept."""


def connect(url: str) -> redis.Redis:
    """Make the client, which connects when it is first used. Valkey speaks the language of Redis."""
    return redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2, decode_responses=True)


def count(cache: redis.Redis, code: str) -> None:
    """Count a visit. A cache that does not answer keeps nobody from following a link."""
    try:
        with cache.pipeline() as commands:
            commands.incr(f"visits:{code}").expire(f"visits:{code}", MONTH)
            commands.execute()
    except redis.RedisError:
        logger.exception("a visit was not counted")


def counted(cache: redis.Redis, code: str) -> int:
    """Return how often a link was followed."""
    return int(cache.get(f"visits:{code}") or 0)
