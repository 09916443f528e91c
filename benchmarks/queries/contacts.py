"""The tenant that is asked, as `contacts.sql` fills it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg

from service.adapters import embedded
from service.adapters.postgres import PostgresServer
from service.settings import Settings

COUNT, USERS = 100_000, 50
_FILL = Path(__file__).with_suffix(".sql")


@asynccontextmanager
async def filled_tenant() -> AsyncIterator[asyncpg.Connection]:
    """A connection to the tenant's database, analysed; gone afterwards."""
    with TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        async with embedded.start(settings, is_durable=False) as servers:
            server = PostgresServer.open(servers.database_url)
            try:
                yield await _filled(server)
            finally:
                await server.close()


async def _filled(server: PostgresServer) -> asyncpg.Connection:
    await server.migrate()
    tenant = await server.catalogue.provision("queries", "Queries")
    connection = await server.connections.connect(tenant.database)
    await connection.execute("SET statement_timeout = 0")
    await fill(connection, COUNT)
    return connection


async def fill(connection: asyncpg.Connection, count: int) -> None:
    """Users and `count` contacts, analysed."""
    sql = _FILL.read_text(encoding="utf-8")
    await connection.execute(sql.replace("/* contacts */ 100000", str(count)))
    await connection.execute("VACUUM ANALYZE users, contacts")
