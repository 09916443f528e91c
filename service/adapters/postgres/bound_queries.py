"""A query bound to one transaction of one tenant: the only thing that has SQL, and that gives rows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import asyncpg
from msgspec import Struct

from service.adapters.postgres.queries import Query
from service.adapters.postgres.rendering import Ending, compile_shape, marks_of

if TYPE_CHECKING:
    from service.adapters.postgres.statements import Statements

T = TypeVar("T")


class Page(Struct, Generic[T], frozen=True):
    """`total` counts all, whatever was taken, skipped or passed. `first` and `last` are the places of the
    outermost rows, where there are more rows beyond them.
    """

    rows: tuple[T, ...]
    total: int
    first: tuple[Any, ...] | None
    last: tuple[Any, ...] | None


class BoundQuery(Generic[T]):
    """`Statements.query` makes one; it runs while the transaction lasts."""

    def __init__(self, statements: Statements, query: Query[T]) -> None:
        statements.require_open()
        self._statements = statements
        self._query = query

    async def fetch(self) -> list[T]:
        rows = await self._fetch("rows", self._query)
        return [self._query.read(row) for row in self._in_order(rows)]

    async def find(self) -> T | None:
        """The first row."""
        sql, arguments = statement_of(self._query, "rows")
        row = await self._statements.fetch_row(sql, *arguments)
        return None if row is None else self._query.read(row)

    async def count(self) -> int:
        """Of all rows, whatever is taken or skipped."""
        [row] = await self._fetch("count", self._query)
        return int(row[0])

    async def exists(self) -> bool:
        """Whether there is any row, whatever is taken or skipped."""
        [row] = await self._fetch("exists", self._query)
        return bool(row[0])

    async def iter_rows(self) -> AsyncIterator[T]:
        """Lazy: from a cursor on the server, a chunk at a time in memory."""
        if self._query.is_backward:
            raise ValueError("a stream must go forward, got a query of the rows before a place")
        read = self._query.read
        sql, arguments = statement_of(self._query, "rows")
        async for row in self._statements.iter_rows(sql, *arguments):
            yield read(row)

    async def fetch_page(self) -> Page[T]:
        """The rows with their total and places, in one statement unless there are no rows."""
        found = await self._fetch("page", self._query.with_one_more())
        total = found[0][-1] if found else await self.count()
        kept = found[: self._query.limit]
        return self._page(self._in_order(kept), total, is_more=len(found) > len(kept))

    def _page(self, found: Sequence[asyncpg.Record], total: int, *, is_more: bool) -> Page[T]:
        query = self._query
        is_before, is_after = (
            (is_more, bool(query.place)) if query.is_backward else (query.is_inside, is_more)
        )
        width, marks = len(query.columns), marks_of(query.shape)
        return Page(
            tuple(query.read(row[:width]) for row in found),
            total,
            _place(found[0], marks) if found and is_before else None,
            _place(found[-1], marks) if found and is_after else None,
        )

    def _in_order(self, rows: Sequence[asyncpg.Record]) -> Sequence[asyncpg.Record]:
        return rows[::-1] if self._query.is_backward else rows

    async def _fetch(self, ending: Ending, query: Query[T]) -> list[asyncpg.Record]:
        sql, arguments = statement_of(query, ending)
        return await self._statements.fetch(sql, *arguments)


def statement_of(query: Query[Any], ending: Ending) -> tuple[str, list[object]]:
    """The SQL, remembered by the shape of the query, and the values that are its arguments."""
    compiled = compile_shape(query.shape, ending)
    values = query.values
    return compiled.sql, [values[position] for position in compiled.positions]


def _place(row: asyncpg.Record, marks: tuple[int, ...]) -> tuple[Any, ...]:
    return tuple(row[mark] for mark in marks)
