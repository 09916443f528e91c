"""The connection as the stores see it: statements in one transaction, errors already ours."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from typing import Any, TypeVar

import asyncpg

from service.adapters.postgres.bound_queries import BoundQuery
from service.adapters.postgres.errors import translating
from service.adapters.postgres.queries import Query

T = TypeVar("T")

_CHUNK = 500


class Statements:
    """`renew` sets the transaction's deadline anew; long streams call it with every chunk."""

    def __init__(self, connection: asyncpg.Connection, *, renew: Callable[[], None]) -> None:
        self._open: asyncpg.Connection | None = connection
        self.renew = renew

    def query(self, query: Query[T]) -> BoundQuery[T]:
        """What can be run: the query, in this transaction."""
        return BoundQuery(self, query)

    def require_open(self) -> None:
        """Raises RuntimeError once the transaction has ended: the connection is somebody else's then."""
        _ = self._connection

    def end(self) -> None:
        """Nothing can be run any more."""
        self._open = None

    @property
    def _connection(self) -> asyncpg.Connection:
        if self._open is None:
            raise RuntimeError("the transaction of this statement has ended")
        return self._open

    async def execute(self, sql: str, *arguments: object) -> str:
        with translating(self._connection):
            return await self._connection.execute(sql, *arguments)

    async def fetch(self, sql: str, *arguments: object) -> list[asyncpg.Record]:
        with translating(self._connection):
            return await self._connection.fetch(sql, *arguments)

    async def fetch_row(self, sql: str, *arguments: object) -> asyncpg.Record | None:
        with translating(self._connection):
            return await self._connection.fetchrow(sql, *arguments)

    async def fetch_value(self, sql: str, *arguments: object) -> Any:
        with translating(self._connection):
            return await self._connection.fetchval(sql, *arguments)

    async def copy(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        with translating(self._connection):
            await self._connection.copy_records_to_table(table, columns=list(columns), records=rows)

    async def iter_rows(self, sql: str, *arguments: object) -> AsyncIterator[asyncpg.Record]:
        """Through a cursor on the server: one chunk in memory, and a deadline for each."""
        with translating(self._connection):
            cursor = await self._connection.cursor(sql, *arguments)
        while rows := await self._fetch_chunk(cursor):
            for row in rows:
                yield row
            self.renew()

    async def _fetch_chunk(self, cursor: Any) -> list[asyncpg.Record]:
        with translating(self._connection):
            rows: list[asyncpg.Record] = await cursor.fetch(_CHUNK)
            return rows
