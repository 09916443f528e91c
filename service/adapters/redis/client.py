"""A Redis or Valkey that may be gone: what it does not answer is a miss, counted and told once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.commands.core import AsyncScript
from redis.exceptions import RedisError

_TIMEOUT_S = 0.3

T = TypeVar("T")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CacheHealth:
    redis: Redis
    name: str = "cache"
    is_essential: bool = False

    async def check(self) -> None:
        await self.redis.get("chainbook:health")


class CacheClient:
    """No failure of Redis leaves this class; `failure_count` and a log line for each change tell of it."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._is_up = True
        self.failure_count = 0
        self.health_check = CacheHealth(redis)

    @property
    def is_up(self) -> bool:
        """Whether the last question was answered."""
        return self._is_up

    @classmethod
    def open(cls, url: str) -> CacheClient:
        """Connects at the first use. The client's own limits are 5 s and 10 tries: far beyond a request."""
        return cls(
            Redis.from_url(
                url,
                socket_timeout=_TIMEOUT_S,
                socket_connect_timeout=_TIMEOUT_S,
                retry=Retry(NoBackoff(), 0),
            )
        )

    def register_script(self, source: str) -> AsyncScript:
        """A Lua script that is sent once and then called by its hash."""
        return self._redis.register_script(source)

    async def ask(self, question: Callable[[Redis], Awaitable[T]]) -> T | None:
        """What the server answers, None when it does not."""
        try:
            answer = await question(self._redis)
        except (RedisError, OSError, TimeoutError) as error:
            self._note_failure(error)
            return None
        self._note_success()
        return answer

    async def close(self) -> None:
        await self._redis.aclose()

    def _note_failure(self, error: Exception) -> None:
        self.failure_count += 1
        if self._is_up:
            self._is_up = False
            _log.warning("cache.down", reason=type(error).__name__)

    def _note_success(self) -> None:
        if not self._is_up:
            self._is_up = True
            _log.info("cache.up", failure_count=self.failure_count)
