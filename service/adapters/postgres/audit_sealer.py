"""Moves recorded entries into the chains of their tenants, moments after their transactions."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog

from service.adapters.postgres.audit import seal_all
from service.adapters.postgres.connections import Connections
from service.domain.errors import ServiceError

# How long an entry may be changed without a trace by who can write all of the database.
DELAY_S = 0.5

_log = structlog.get_logger(__name__)


class AuditSealer:
    """For the tasks of one event loop. It runs only while there is something to seal."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._unsealed: set[str] = set()
        self._task: asyncio.Task[None] | None = None

    def note(self, database: str) -> None:
        """It has entries that are to be sealed."""
        self._unsealed.add(database)
        if self._task is None:
            self._task = asyncio.create_task(self._seal_soon())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _seal_soon(self) -> None:
        try:
            while self._unsealed:
                await asyncio.sleep(DELAY_S)
                databases, self._unsealed = self._unsealed, set()
                for database in databases:
                    await self._seal(database)
        finally:
            self._task = None

    async def _seal(self, database: str) -> None:
        """A failure keeps nobody from anything: the entries are stored, and the next ones bring us back."""
        try:
            async with self._connections.transaction(database) as statements:
                await seal_all(statements)
        except ServiceError as error:
            _log.warning("audit.not_sealed", database=database, code=error.code)
        except Exception:  # noqa: BLE001 - one tenant's broken chain must not stop the sealing of others
            _log.exception("audit.not_sealed", database=database)
