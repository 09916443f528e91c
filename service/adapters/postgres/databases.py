"""The tenants' databases: a transaction is born bound to one of them and can reach no other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.adapters.postgres.account_links import PostgresAccountLinkStore
from service.adapters.postgres.audit import PostgresAuditLog
from service.adapters.postgres.audit_sealer import AuditSealer
from service.adapters.postgres.connections import Connections
from service.adapters.postgres.contacts import PostgresContactStore
from service.adapters.postgres.sessions import PostgresRefreshTokenStore, PostgresSessionStore
from service.adapters.postgres.users import PostgresUserStore
from service.domain.errors import TenantNotFound
from service.domain.tenants import Tenant


@dataclass(frozen=True, slots=True)
class PostgresTenantTransaction:
    now: datetime
    contacts: PostgresContactStore
    users: PostgresUserStore
    sessions: PostgresSessionStore
    refresh_tokens: PostgresRefreshTokenStore
    links: PostgresAccountLinkStore
    audit: PostgresAuditLog
    new_id: Callable[[], UUID]


class PostgresTenantDatabases:
    def __init__(
        self, connections: Connections, *, clock: Callable[[], datetime], new_id: Callable[[], UUID]
    ) -> None:
        self._connections = connections
        self._sealer = AuditSealer(connections)
        self._clock = clock
        self._new_id = new_id

    @asynccontextmanager
    async def begin(self, tenant: Tenant) -> AsyncIterator[PostgresTenantTransaction]:
        if tenant.status != "active":
            raise TenantNotFound
        async with self._connections.transaction(tenant.database) as statements:
            now = self._clock()
            audit = PostgresAuditLog(statements, now)
            yield PostgresTenantTransaction(
                now=now,
                contacts=PostgresContactStore(statements),
                users=PostgresUserStore(statements),
                sessions=PostgresSessionStore(statements),
                refresh_tokens=PostgresRefreshTokenStore(statements),
                links=PostgresAccountLinkStore(statements),
                audit=audit,
                new_id=self._new_id,
            )
            await audit.store()
        if audit.has_entries:
            self._sealer.note(tenant.database)

    async def close(self) -> None:
        """What is not sealed yet is sealed by whoever comes next."""
        await self._sealer.close()
