"""Sessions remembered in Redis, so that most requests need not ask the tenant's database.

Ended sessions. `remove` does not delete: it writes a mark, and `put` writes only where nothing stands. So a
request that read the session just before it was ended can not bring it back. Everything written lives for
LIFE_S at most: a session whose end could not be told to Redis is believed for no longer than that, and told
again as soon as Redis answers.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from service.adapters.clock import utc_now
from service.adapters.redis.client import CacheClient
from service.domain.identity import SessionId
from service.domain.sessions import Session
from service.domain.tenants import Tenant

LIFE_S = 60
_ENDED = b"ended"

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Session).decode


class RedisSessionCache:
    def __init__(self, client: CacheClient, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._client = client
        self._clock = clock
        self._untold: dict[str, datetime] = {}

    async def find(self, tenant: Tenant, session_id: SessionId) -> Session | None:
        key = session_key(tenant, session_id)
        return await self.accept(key, await self._client.ask(lambda redis: redis.get(key)))

    async def accept(self, key: str, stored: Any) -> Session | None:
        """The session that stood under the key when Redis was asked, unless its end is known here."""
        found = None if key in self._untold else _parse(stored)
        if self._untold and self._client.is_up:
            await self._tell_untold()
        return found

    async def put(self, tenant: Tenant, session: Session) -> None:
        now = self._clock()
        if not session.is_live(now):
            return
        # In milliseconds, as Redis refuses a life of 0 and a session may be about to end.
        life_ms = min(LIFE_S * 1000, int((session.expires_at - now).total_seconds() * 1000))
        if life_ms > 0:
            key, value = session_key(tenant, session.id), _encode(session)
            await self._client.ask(lambda redis: redis.set(key, value, px=life_ms, nx=True))

    async def remove(self, tenant: Tenant, session_id: SessionId) -> None:
        await self._mark(session_key(tenant, session_id), self._clock() + timedelta(seconds=LIFE_S))

    async def _mark(self, key: str, needed_until: datetime) -> None:
        if not await self._client.ask(lambda redis: redis.set(key, _ENDED, ex=LIFE_S)):
            self._untold[key] = needed_until

    async def _tell_untold(self) -> None:
        untold, self._untold = self._untold, {}
        for key, needed_until in untold.items():
            if self._clock() < needed_until:
                await self._mark(key, needed_until)


def session_key(tenant: Tenant, session_id: SessionId) -> str:
    return f"chainbook:{tenant.id}:session:{session_id}"


def _parse(stored: Any) -> Session | None:
    if not isinstance(stored, bytes) or stored == _ENDED:
        return None
    try:
        return _decode(stored)
    except msgspec.MsgspecError:
        # Written by another version of the service: the database still knows.
        return None
