"""Limits counted in Redis, in one round trip for a request; without it each process counts by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.resources import files
from time import monotonic
from typing import Any

from redis.asyncio import Redis

from service.adapters.redis.client import CacheClient
from service.adapters.redis.session_cache import RedisSessionCache, session_key
from service.domain.identity import SessionId
from service.domain.limits import Charge, Counter, Limit, Standing, charge_all
from service.domain.sessions import Session
from service.domain.tenants import Tenant

_SCRIPT = (files("service") / "adapters" / "redis" / "limits.lua").read_text(encoding="utf-8")
_PREFIX = "chainbook:limit:"
# What one process remembers while Redis is away.
_MAX_COUNTERS = 10_000


class RedisLimiter:
    """`elapsed_s`: the clock without Redis; `now_s`: a clock instead of the server's, for tests."""

    def __init__(
        self,
        client: CacheClient,
        sessions: RedisSessionCache,
        *,
        elapsed_s: Callable[[], float] = monotonic,
        now_s: Callable[[], float] | None = None,
    ) -> None:
        self._client = client
        self._sessions = sessions
        self._script = client.register_script(_SCRIPT)
        self._now_s = now_s
        self._local = LocalLimiter(elapsed_s)

    async def charge(
        self, charges: Sequence[Charge], session: tuple[Tenant, SessionId] | None = None
    ) -> tuple[tuple[Standing, ...], Session | None]:
        if not charges and session is None:
            return (), None
        session_at = session_key(*session) if session else ""
        keys = [session_at, *(_PREFIX + charge.key for charge in charges)]
        arguments: list[Any] = ["" if self._now_s is None else repr(self._now_s())]
        for charge in charges:
            arguments += [charge.limit.kind, charge.limit.count, charge.limit.period_s]
        answer = await self._client.ask(lambda redis: self._script(keys, arguments, client=redis))
        if answer is None:
            return self._local.charge(charges), None
        return _parse(charges, answer[1:]), await self._sessions.accept(session_at, answer[0])

    async def forgive(self, charge: Charge) -> None:
        """Nothing counts any more of what was charged."""
        self._local.forgive(charge)
        await self._client.ask(lambda redis: redis.delete(_PREFIX + charge.key))

    async def forgive_all(self, limit: Limit, beginning: str) -> None:
        """Reads the names of all keys there are: for what people do by hand, not for a request of many."""
        self._local.forgive_all(limit, beginning)
        pattern = f"{_PREFIX}{Charge(limit, beginning).key}*"
        await self._client.ask(lambda redis: _delete_matching(redis, pattern))


class LocalLimiter:
    """Counts in this process alone. When it holds too much it forgets all, rather than grow."""

    def __init__(self, elapsed_s: Callable[[], float] = monotonic) -> None:
        self._elapsed_s = elapsed_s
        self._counters: dict[str, Counter] = {}

    def charge(self, charges: Sequence[Charge]) -> tuple[Standing, ...]:
        standings, changed = charge_all(self._counters, charges, self._elapsed_s())
        if len(self._counters) >= _MAX_COUNTERS:
            self._counters.clear()
        self._counters |= changed
        return standings

    def forgive(self, charge: Charge) -> None:
        self._counters.pop(charge.key, None)

    def forgive_all(self, limit: Limit, beginning: str) -> None:
        start = Charge(limit, beginning).key
        self._counters = {key: held for key, held in self._counters.items() if not key.startswith(start)}


async def _delete_matching(redis: Redis, pattern: str) -> None:
    async for key in redis.scan_iter(match=pattern, count=1000):
        await redis.delete(key)


def _parse(charges: Sequence[Charge], numbers: Sequence[bytes]) -> tuple[Standing, ...]:
    triples = zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True)
    return tuple(
        Standing(charge.limit, int(float(remaining)), float(reset_s), float(wait_s))
        for charge, (remaining, reset_s, wait_s) in zip(charges, triples, strict=True)
    )
