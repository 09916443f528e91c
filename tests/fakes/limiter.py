"""Limits counted in memory, and the cache of sessions read on the way."""

from __future__ import annotations

from service.domain.limits import Charge, charge_all


class FakeLimiter:
    """Its clock counts seconds as the world's does."""

    def __init__(self, session_cache, clock) -> None:
        self._session_cache = session_cache
        self._clock = clock
        self.counters = {}

    async def charge(self, charges, session=None):
        standings, changed = charge_all(self.counters, charges, self._clock().timestamp())
        self.counters |= changed
        return standings, await self._session_cache.find(*session) if session else None

    async def forgive(self, charge):
        self.counters.pop(charge.key, None)

    async def forgive_all(self, limit, beginning):
        start = Charge(limit, beginning).key
        self.counters = {key: held for key, held in self.counters.items() if not key.startswith(start)}
