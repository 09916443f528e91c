"""One PostgreSQL server: its control database, its tenants' databases, and its health."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID

from service.adapters.clock import utc_now
from service.adapters.ids import Uuid7Source
from service.adapters.postgres.catalogue import PostgresTenantCatalogue
from service.adapters.postgres.configuration import PostgresConfigurationStore
from service.adapters.postgres.connections import Connections
from service.adapters.postgres.databases import PostgresTenantDatabases
from service.adapters.postgres.maintenance import Maintenance
from service.adapters.postgres.migrations import read_steps
from service.adapters.postgres.migrator import Migrator
from service.adapters.postgres.provisioning import Provisioning


@dataclass(frozen=True, slots=True)
class DatabaseHealth:
    connections: Connections
    control: str
    name: str = "database"
    is_essential: bool = True

    async def check(self) -> None:
        async with self.connections.transaction(self.control) as statements:
            await statements.fetch_value("SELECT 1")


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """Opening connects to nothing; the first use does."""

    catalogue: PostgresTenantCatalogue
    databases: PostgresTenantDatabases
    configurations: PostgresConfigurationStore
    health_check: DatabaseHealth
    connections: Connections
    migrator: Migrator

    @classmethod
    def open(
        cls,
        dsn: str,
        *,
        budget: int = 80,
        statement_timeout_s: float = 5.0,
        deadline_s: float = 10.0,
        clock: Callable[[], datetime] = utc_now,
        new_id: Callable[[], UUID] | None = None,
    ) -> PostgresServer:
        """A server whose control database is the one that `dsn` names.

        Args:
            dsn: `postgresql://user:password@host/database`, or with `?host=/socket/folder`.
            budget: connections held open at most; leave some of the server's max_connections to others.
            statement_timeout_s: the server ends a statement after this time.
            deadline_s: a transaction, waiting for a connection included, ends after this time; each chunk
                of a stream starts it anew.
            clock: what transactions take for `now`.
            new_id: makes the ids; by default one Uuid7Source.
        """
        connections = Connections(
            dsn, budget=budget, statement_timeout_s=statement_timeout_s, deadline_s=deadline_s
        )
        control, ids = _database_of(dsn), new_id or Uuid7Source()
        maintenance = Maintenance(connections, control)
        provisioning = Provisioning(maintenance, clock=clock, new_id=ids)
        return cls(
            catalogue=PostgresTenantCatalogue(connections, provisioning, control=control),
            databases=PostgresTenantDatabases(connections, clock=clock, new_id=ids),
            configurations=PostgresConfigurationStore(connections, control=control, new_id=ids),
            health_check=DatabaseHealth(connections, control),
            connections=connections,
            migrator=Migrator(
                maintenance, control_steps=read_steps("control"), tenant_steps=read_steps("tenant")
            ),
        )

    async def close(self) -> None:
        await self.databases.close()
        await self.connections.close()


def _database_of(dsn: str) -> str:
    parts = urlsplit(dsn)
    options = parse_qs(parts.query)
    named = unquote(parts.path.lstrip("/")) or next(
        iter(options.get("dbname", options.get("database", ()))), ""
    )
    if not named:
        raise ValueError("DATABASE_URL must name a database: postgresql://user:password@host/database")
    return named
