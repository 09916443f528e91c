"""Tenant databases in memory: a failed transaction leaves no trace, as in the real ones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from fakes.account_links import FakeAccountLinkStore
from fakes.audit import FakeAuditLog
from fakes.contacts import FakeContactStore
from fakes.sessions import FakeRefreshTokenStore, FakeSessionStore
from fakes.time_and_ids import FakeClock, FakeIds
from fakes.users import FakeUserStore
from service.domain.errors import DatabaseUnavailable, TenantNotFound
from service.domain.identity import TenantId
from service.domain.tenants import Tenant


@dataclass
class FakeTenantData:
    contacts: FakeContactStore = field(default_factory=FakeContactStore)
    users: FakeUserStore = field(default_factory=FakeUserStore)
    sessions: FakeSessionStore = field(default_factory=FakeSessionStore)
    links: FakeAccountLinkStore = field(default_factory=FakeAccountLinkStore)
    audit: FakeAuditLog = field(default_factory=FakeAuditLog)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self.refresh_tokens = FakeRefreshTokenStore(self.sessions)


@dataclass(frozen=True)
class FakeTenantTransaction:
    now: datetime
    contacts: FakeContactStore
    users: FakeUserStore
    sessions: FakeSessionStore
    new_id: Callable[[], UUID]
    refresh_tokens: FakeRefreshTokenStore | None = None
    links: FakeAccountLinkStore | None = None
    audit: FakeAuditLog = field(default_factory=FakeAuditLog)


class FakeTenantDatabases:
    """`is_down = True` makes `begin` raise DatabaseUnavailable. One transaction a tenant at a time."""

    def __init__(
        self, clock: Callable[[], datetime] | None = None, new_id: Callable[[], UUID] | None = None
    ) -> None:
        self.is_down = False
        self.clock = clock or FakeClock()
        self.new_id = new_id or FakeIds()
        self._data: dict[TenantId, FakeTenantData] = {}

    def data(self, tenant: Tenant) -> FakeTenantData:
        """What the tenant's database holds, for tests to look at."""
        return self._data.setdefault(tenant.id, FakeTenantData())

    @asynccontextmanager
    async def begin(self, tenant: Tenant) -> AsyncIterator[FakeTenantTransaction]:
        if tenant.status != "active":
            raise TenantNotFound
        if self.is_down:
            raise DatabaseUnavailable
        data = self.data(tenant)
        async with data.lock:
            stores = (
                data.contacts,
                data.users,
                data.sessions,
                data.refresh_tokens,
                data.links,
                data.audit,
            )
            before = [(store, dict(store.rows)) for store in stores]
            try:
                now = self.clock()
                yield FakeTenantTransaction(
                    now,
                    data.contacts,
                    data.users,
                    data.sessions,
                    self.new_id,
                    data.refresh_tokens,
                    data.links,
                    data.audit,
                )
                data.audit.store(now)
            except BaseException:
                data.audit.waiting.clear()
                for store, rows in before:
                    store.rows = rows
                raise
