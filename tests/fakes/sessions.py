"""Sessions in dicts: the truth, and the cache of it that can be taken down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from fakes.time_and_ids import FakeClock
from service.domain.identity import SessionId, TenantId
from service.domain.refresh_families import Family, RefreshToken
from service.domain.sessions import Session
from service.domain.tenants import Tenant


class FakeSessionStore:
    def __init__(self) -> None:
        self.rows: dict[SessionId, Session] = {}

    async def find(self, session_id: SessionId) -> Session | None:
        return self.rows.get(session_id)

    async def list_live(self, user_id, *, now):
        live = (row for row in self.rows.values() if row.user_id == user_id and row.is_live(now))
        return tuple(sorted(live, key=lambda row: row.id, reverse=True))

    async def insert(self, session: Session) -> None:
        self.rows[session.id] = session

    async def note_use(self, session_id, *, now):
        before = self.rows[session_id]
        self.rows[session_id] = msgspec.structs.replace(
            before, last_used_at=max(before.last_used_at or now, now)
        )

    async def end_all(self, user_id, *, now, but=None):
        live = [row.id for row in await self.list_live(user_id, now=now) if row.id != but]
        return frozenset([session_id for session_id in live if await self.end(session_id, now=now)])

    async def remove_expired(self, user_id, *, now):
        self.rows = {
            key: row for key, row in self.rows.items() if row.user_id != user_id or row.expires_at > now
        }

    async def end(self, session_id: SessionId, *, now: datetime) -> bool:
        before = self.rows.get(session_id)
        if before is None or not before.is_live(now):
            return False
        self.rows[session_id] = msgspec.structs.replace(before, ended_at=now)
        return True


class FakeRefreshTokenStore:
    """The transaction's lock is the tenant's: nobody else is in it while a family is held."""

    def __init__(self, sessions: FakeSessionStore) -> None:
        self.rows: dict[bytes, RefreshToken] = {}
        self._sessions = sessions

    async def lock_family(self, token_hash):
        token = self.rows.get(token_hash)
        session = token and self._sessions.rows.get(token.session_id)
        return Family(session, token) if session else None

    async def insert(self, token):
        self.rows[token.token_hash] = token

    async def rotate(self, rotation):
        used, successor = rotation.used, rotation.successor
        kept = {used.token_hash: used, successor.token_hash: successor}
        self.rows = {
            key: token
            for key, token in (self.rows | kept).items()
            if token.session_id != used.session_id or token.expires_at > successor.created_at
        }


class FakeSessionCache:
    """`is_down = True` makes it forget and refuse everything, in silence, as the port promises."""

    def __init__(self, clock: Callable[[], datetime] | None = None) -> None:
        self.clock = clock or FakeClock()
        self.is_down = False
        self.rows: dict[tuple[TenantId, SessionId], Session] = {}
        self.ended: set[tuple[TenantId, SessionId]] = set()

    async def find(self, tenant: Tenant, session_id: SessionId) -> Session | None:
        return None if self.is_down else self.rows.get((tenant.id, session_id))

    async def put(self, tenant: Tenant, session: Session) -> None:
        key = (tenant.id, session.id)
        if not self.is_down and key not in self.ended and session.is_live(self.clock()):
            self.rows[key] = session

    async def remove(self, tenant: Tenant, session_id: SessionId) -> None:
        if not self.is_down:
            self.ended.add((tenant.id, session_id))
            self.rows.pop((tenant.id, session_id), None)
