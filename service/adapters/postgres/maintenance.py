"""Connections for making, changing and removing databases: outside the budget, without its time limits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg

from service.adapters.postgres.connections import Connections
from service.adapters.postgres.errors import translating

_LOCK = 0x636861696E  # "chain"


class Maintenance:
    """`control` is the database that names the tenants, `template` the one that new ones copy."""

    def __init__(self, connections: Connections, control: str) -> None:
        self._connections = connections
        self.control = control
        self.template = f"{control}_template"

    @asynccontextmanager
    async def locked(self) -> AsyncIterator[asyncpg.Connection]:
        """The control database, while nobody else makes or changes databases.

        Waiting for another start, or copying a large schema, may take longer than any request.
        """
        async with self.connected(self.control) as control:
            with translating(control):
                await control.execute("SELECT pg_advisory_lock($1)", _LOCK)
                yield control

    @asynccontextmanager
    async def connected(
        self, database: str, *, lock_timeout_s: float = 0
    ) -> AsyncIterator[asyncpg.Connection]:
        """A connection that lives as long as the block; closing it gives its locks back.

        Args:
            database: its name.
            lock_timeout_s: a statement that waits longer for a lock fails; 0 waits for ever.
        """
        with translating():
            connection = await self._connections.connect(
                database,
                statement_timeout="0",
                idle_in_transaction_session_timeout="0",
                lock_timeout=str(round(lock_timeout_s * 1000)),
            )
        try:
            yield connection
        finally:
            await connection.close(timeout=1)

    async def make_control(self) -> None:
        """The control database, empty, if it is not there."""
        async with self.connected("postgres") as maintenance:
            # Another start may be making it at this moment.
            with suppress(asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
                await make_if_missing(maintenance, self.control)

    async def copy_template(self, control: asyncpg.Connection, database: str) -> None:
        """A new database that is as the template is."""
        # Copying through the log costs 31 ms; by files it would force a checkpoint.
        await control.execute(
            f"CREATE DATABASE {_quoted(database)} TEMPLATE {_quoted(self.template)} STRATEGY wal_log"
        )


async def make_if_missing(connection: asyncpg.Connection, database: str) -> None:
    """An empty database in UTF-8."""
    if not await connection.fetchval(
        "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", database
    ):
        await connection.execute(f"CREATE DATABASE {_quoted(database)} TEMPLATE template0 ENCODING 'UTF8'")


async def drop_database(connection: asyncpg.Connection, database: str) -> None:
    """Removes it, whoever is connected to it; nothing when there is none."""
    await connection.execute(f"DROP DATABASE IF EXISTS {_quoted(database)} WITH (FORCE)")


def is_missing(error: BaseException) -> bool:
    """Whether a database or a table was not there."""
    kinds = (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError, asyncpg.InvalidCatalogNameError)
    return isinstance(error, kinds) or isinstance(error.__cause__, kinds)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
