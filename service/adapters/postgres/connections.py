"""Connections to many databases under one budget: which are open, which are idle, and which must go.

At most `budget` are open and at most MAX_PER_DATABASE of them to one database; when the budget is used up
the connection that was idle longest is closed first. Every connection that is handed out is given back by
`transaction`, whatever happens inside.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg
import structlog

from service.adapters.postgres.errors import CONNECTION_LOST, translating
from service.adapters.postgres.statements import Statements
from service.domain.errors import DatabaseUnavailable

MAX_PER_DATABASE = 4

# Enough for a server that answers at all; one that does not is cut off (design/reliability, finding 3).
_FAREWELL_S = 1.0

_STALE: tuple[type[Exception], ...] = (*CONNECTION_LOST, asyncpg.InterfaceError)
_FAILURES: tuple[type[Exception], ...] = (*_STALE, asyncpg.PostgresError, TimeoutError)

_SETTINGS = {
    "application_name": "chainbook",
    "timezone": "UTC",
    # Short statements: compiling them costs more than it saves, and the driver's own would be compiled too.
    "jit": "off",
    # A query ends soon after its client has gone, even when no cancel request reaches the server.
    "client_connection_check_interval": "1s",
}

_log = structlog.get_logger(__name__)


class Connections:
    """Safety: for the tasks of one event loop."""

    def __init__(self, dsn: str, *, budget: int, statement_timeout_s: float, deadline_s: float) -> None:
        self._dsn = dsn
        self._deadline_s = deadline_s
        self._settings = _SETTINGS | {
            "statement_timeout": str(round(statement_timeout_s * 1000)),
            "idle_in_transaction_session_timeout": str(round(deadline_s * 2000)),
        }
        self._budget = asyncio.Semaphore(budget)
        self._waiting = 0
        self._turns: dict[str, asyncio.Semaphore] = {}
        self._idle: OrderedDict[asyncpg.Connection, str] = OrderedDict()
        self._busy: dict[asyncpg.Connection, str] = {}
        self._is_closing = False
        self._farewells: set[asyncio.Task[None]] = set()

    @property
    def open_count(self) -> int:
        return len(self._idle) + len(self._busy)

    @asynccontextmanager
    async def transaction(self, database: str) -> AsyncIterator[Statements]:
        """Commits on a clean exit. All of it, waiting included, ends by the deadline, which
        `Statements.renew` sets anew. When the answer to COMMIT is lost, whether it happened is unknown.
        """
        clock = asyncio.get_running_loop().time
        try:
            async with asyncio.timeout(self._deadline_s) as deadline:
                async with self._turn(database), self._held(database) as connection:
                    statements = Statements(
                        connection, renew=lambda: deadline.reschedule(clock() + self._deadline_s)
                    )
                    try:
                        yield statements
                        await _commit(statements)
                    finally:
                        statements.end()
        except TimeoutError as error:
            if not deadline.expired():
                raise
            raise DatabaseUnavailable("the database did not answer in time", retry_after_s=1) from error

    async def connect(self, database: str, **settings: str) -> asyncpg.Connection:
        """A connection outside the budget, for its owner to close. Raises what the driver raises."""
        return await asyncpg.connect(
            self._dsn,
            database=database,
            timeout=self._deadline_s,
            server_settings=self._settings | settings,
        )

    async def forget(self, database: str) -> None:
        """Closes the idle connections to one database."""
        for connection in [held for held, name in self._idle.items() if name == database]:
            self._idle.pop(connection, None)
            await self._close(connection)

    async def close(self) -> None:
        """Closes what is idle, cuts off what is not, and returns when nothing is left."""
        self._is_closing = True
        for connection in self._busy:
            connection.terminate()
        while self._idle:
            connection, _ = self._idle.popitem()
            self._spawn(self._close(connection))
        while self._farewells:
            await asyncio.wait(set(self._farewells))

    def _turn(self, database: str) -> asyncio.Semaphore:
        return self._turns.setdefault(database, asyncio.Semaphore(MAX_PER_DATABASE))

    @asynccontextmanager
    async def _held(self, database: str) -> AsyncIterator[asyncpg.Connection]:
        connection = await self._begin(database)
        self._busy[connection] = database
        try:
            yield connection
        except Exception as error:
            await self._roll_back(connection)
            if isinstance(error.__cause__, asyncpg.InvalidCachedStatementError):
                # The schema was changed under them; the others to this database hold the same stale plans.
                await self.forget(database)
            raise
        except BaseException:
            # Cancelled: the task goes at once, its connection is brought to an end in the background.
            del self._busy[connection]
            self._spawn(self._rescue(connection, database))
            raise
        else:
            del self._busy[connection]
            self._give_back(connection, database)

    async def _begin(self, database: str) -> asyncpg.Connection:
        """A connection with an open transaction. One that had died unseen while idle is replaced, once:
        before BEGIN was answered nothing of the caller's has been sent.
        """
        connection = self._take_idle(database)
        if connection is not None:
            try:
                return await self._start(connection)
            except _STALE:
                await self.forget(database)
        with translating():
            return await self._start(await self._open(database))

    async def _start(self, connection: asyncpg.Connection) -> asyncpg.Connection:
        try:
            await connection.execute("BEGIN")
        except BaseException:
            self._spawn(self._close(connection))
            raise
        return connection

    def _take_idle(self, database: str) -> asyncpg.Connection | None:
        for connection, name in reversed(self._idle.items()):
            if name == database:
                del self._idle[connection]
                return connection
        return None

    async def _open(self, database: str) -> asyncpg.Connection:
        self._waiting += 1
        try:
            if self._budget.locked() and self._idle:
                longest_idle, _ = self._idle.popitem(last=False)
                await self._close(longest_idle)
            await self._budget.acquire()
        finally:
            self._waiting -= 1
        try:
            return await self.connect(database)
        except BaseException:
            self._budget.release()
            raise

    async def _roll_back(self, connection: asyncpg.Connection) -> None:
        database = self._busy.pop(connection)
        try:
            await connection.execute("ROLLBACK")
        except _FAILURES:
            self._spawn(self._close(connection))
        except BaseException:
            self._spawn(self._rescue(connection, database))
            raise
        else:
            self._give_back(connection, database)

    def _give_back(self, connection: asyncpg.Connection, database: str) -> None:
        if self._is_worth_keeping(connection, database):
            self._idle[connection] = database
        else:
            self._spawn(self._close(connection))

    def _is_worth_keeping(self, connection: asyncpg.Connection, database: str) -> bool:
        # Cancelled tasks give up their turn before their connections are done: the share is counted anew.
        share = sum(name == database for name in (*self._idle.values(), *self._busy.values()))
        is_wanted = not self._waiting and not self._is_closing and share < MAX_PER_DATABASE
        return is_wanted and not connection.is_closed()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._farewells.add(task)
        task.add_done_callback(self._farewells.discard)

    async def _rescue(self, connection: asyncpg.Connection, database: str) -> None:
        """Ends what the connection was still doing and keeps it if that works in time.

        ROLLBACK waits until the driver's request to cancel the running query has had its effect.
        """
        try:
            async with asyncio.timeout(_FAREWELL_S):
                await connection.execute("ROLLBACK")
        except _FAILURES:
            await self._close(connection)
        else:
            self._give_back(connection, database)

    async def _close(self, connection: asyncpg.Connection) -> None:
        try:
            async with asyncio.timeout(_FAREWELL_S):
                if not connection.is_closed():
                    await connection.close()
        except _FAILURES as error:
            _log.debug("database.connection_cut", reason=type(error).__name__)
        finally:
            with suppress(*_FAILURES):
                connection.terminate()
            self._budget.release()


async def _commit(statements: Statements) -> None:
    # After a failed statement the server answers COMMIT with ROLLBACK, and calls that a success.
    if await statements.execute("COMMIT") != "COMMIT":
        raise RuntimeError("a failed statement was ignored: the transaction was rolled back, not committed")
