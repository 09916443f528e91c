"""Sessions remembered in Redis, so that most requests need not ask the tenant's database.

Ended sessions. `remove` does not delete: it writes a mark, and `put` writes only where nothing stands. So a
request that read the session just before it was ended can not bring it back. Everything written lives for
LIFE_S at most: a session whose end could not be told to Redis is believed for no longer than that.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import msgspec
import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from service.adapters.clock import utc_now
from service.domain.identity import SessionId
from service.domain.sessions import Session
from service.domain.tenants import Tenant

LIFE_S = 60
_TIMEOUT_S = 0.3
_ENDED = b"ended"

T = TypeVar("T")

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Session).decode
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CacheHealth:
    redis: Redis
    name: str = "cache"
    is_essential: bool = False

    async def check(self) -> None:
        await self.redis.get("chainbook:health")


class RedisSessionCache:
    """No failure of Redis leaves this class; `failure_count` and a log line for each change tell of it."""

    def __init__(self, redis: Redis, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._redis = redis
        self._clock = clock
        self._is_up = True
        self.failure_count = 0
        self.health_check = CacheHealth(redis)

    @classmethod
    def open(cls, url: str, *, clock: Callable[[], datetime] = utc_now) -> RedisSessionCache:
        """Connects at the first use. The client's own limits are 5 s and 10 tries: far beyond a request."""
        redis = Redis.from_url(
            url,
            socket_timeout=_TIMEOUT_S,
            socket_connect_timeout=_TIMEOUT_S,
            retry=Retry(NoBackoff(), 0),
        )
        return cls(redis, clock=clock)

    async def find(self, tenant: Tenant, session_id: SessionId) -> Session | None:
        return _parse(await self._ask(lambda: self._redis.get(_key(tenant, session_id))))

    async def put(self, tenant: Tenant, session: Session) -> None:
        now = self._clock()
        if not session.is_live(now):
            return
        # In milliseconds, as Redis refuses a life of 0 and a session may be about to end.
        life_ms = min(LIFE_S * 1000, int((session.expires_at - now).total_seconds() * 1000))
        if life_ms > 0:
            key, value = _key(tenant, session.id), _encode(session)
            await self._ask(lambda: self._redis.set(key, value, px=life_ms, nx=True))

    async def remove(self, tenant: Tenant, session_id: SessionId) -> None:
        await self._ask(lambda: self._redis.set(_key(tenant, session_id), _ENDED, ex=LIFE_S))

    async def close(self) -> None:
        await self._redis.aclose()

    async def _ask(self, question: Callable[[], Awaitable[T]]) -> T | None:
        try:
            answer = await question()
        except (RedisError, OSError, TimeoutError) as error:
            self._note_failure(error)
            return None
        self._note_success()
        return answer

    def _note_failure(self, error: Exception) -> None:
        self.failure_count += 1
        if self._is_up:
            self._is_up = False
            _log.warning("cache.down", reason=type(error).__name__)

    def _note_success(self) -> None:
        if not self._is_up:
            self._is_up = True
            _log.info("cache.up", failure_count=self.failure_count)


def _key(tenant: Tenant, session_id: SessionId) -> str:
    return f"chainbook:{tenant.id}:session:{session_id}"


def _parse(stored: Any) -> Session | None:
    if not isinstance(stored, bytes) or stored == _ENDED:
        return None
    try:
        return _decode(stored)
    except msgspec.MsgspecError:
        # Written by another version of the service: the database still knows.
        return None
