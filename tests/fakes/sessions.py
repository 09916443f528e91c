"""Sessions in dicts: the truth, and the cache of it that can be taken down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from fakes.time_and_ids import FakeClock
from service.domain.identity import SessionId, TenantId
from service.domain.sessions import Session
from service.domain.tenants import Tenant


class FakeSessionStore:
    def __init__(self) -> None:
        self.rows: dict[SessionId, Session] = {}

    async def find(self, session_id: SessionId) -> Session | None:
        return self.rows.get(session_id)

    async def insert(self, session: Session) -> None:
        self.rows[session.id] = session

    async def end(self, session_id: SessionId, *, now: datetime) -> bool:
        before = self.rows.get(session_id)
        if before is None or not before.is_live(now):
            return False
        self.rows[session_id] = msgspec.structs.replace(before, ended_at=now)
        return True


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
