"""The audit of one tenant: entries are stored with their transaction, and chained moments after it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime

from service.adapters.postgres.statements import Statements
from service.domain.audit import (
    BEGINNING,
    KINDS,
    AuditFilter,
    Entry,
    Head,
    Kind,
    Pruned,
    SealedEntry,
    is_read,
    render_content,
)

_ENTRY = "seq, at, kind, content, digest, hash"
_STORE = """
INSERT INTO audit_pending (at, kind, content)
SELECT $1, kind, content FROM unnest($2::text[], $3::text[]) AS recorded (kind, content)
"""
# That somebody looked may be lost when the server falls over within the next moments; what they see need
# not wait for the disk. A transaction that changes anything waits.
_UNHURRIED = "SET LOCAL synchronous_commit = off"
_SEAL = "SELECT seal_audit_entries($1)"
# Half a second of one statement.
_SEALED_AT_ONCE = 2000
_HEAD = "SELECT seq, hash FROM audit_head"
_ERASE = """
WITH erased AS (
    UPDATE audit_entries SET content = NULL
    WHERE content IS NOT NULL AND at < ($1::timestamptz[])[array_position($2::text[], kind)]
    RETURNING seq
)
SELECT count(*) FROM erased
"""
_PERMIT = "SELECT set_config('chainbook.pruning', $1, true)"
_FIRST_KEPT = """
SELECT coalesce(min(seq), (SELECT seq + 1 FROM audit_head)) FROM audit_entries WHERE content IS NOT NULL
"""
_HASH = "SELECT hash FROM audit_entries WHERE seq = $1"
_REMOVE = "DELETE FROM audit_entries WHERE seq < $1"

_CONDITIONS = {
    "kind": "kind = ",
    "action": "action = ",
    "actor": "actor_id = ",
    "subject_type": "subject_type = ",
    "subject": "subject_id = ",
    "since": "at >= ",
    "until": "at < ",
}


class PostgresAuditLog:
    def __init__(self, statements: Statements, now: datetime) -> None:
        self._statements = statements
        self._now = now
        self._waiting: list[Entry] = []

    def record(self, entry: Entry) -> None:
        self._waiting.append(entry)

    async def store(self) -> None:
        """The last statement before COMMIT."""
        if self._waiting:
            kinds = [KINDS[entry.action] for entry in self._waiting]
            contents = [render_content(entry) for entry in self._waiting]
            await self._statements.execute(_STORE, self._now, kinds, contents)
            if all(map(is_read, self._waiting)):
                await self._statements.execute(_UNHURRIED)

    @property
    def has_entries(self) -> bool:
        return bool(self._waiting)

    async def seal(self) -> None:
        await seal_all(self._statements)

    async def list_page(
        self, where: AuditFilter, *, before: int | None, limit: int
    ) -> tuple[SealedEntry, ...]:
        conditions, values = _conditions(where)
        if before is not None:
            values.append(before)
            conditions.append(f"seq < ${len(values)}")
        sql = f"{_select(conditions)} ORDER BY seq DESC LIMIT {int(limit)}"
        return tuple(SealedEntry(*row) for row in await self._statements.fetch(sql, *values))

    async def iter_all(self, where: AuditFilter = AuditFilter()) -> AsyncIterator[SealedEntry]:  # noqa: B008  frozen
        conditions, values = _conditions(where)
        async for row in self._statements.iter_rows(f"{_select(conditions)} ORDER BY seq", *values):
            yield SealedEntry(*row)

    async def get_head(self) -> Head:
        row = await self._statements.fetch_row(_HEAD)
        return BEGINNING if row is None else Head(*row)

    async def prune(self, cutoffs: Mapping[Kind, datetime]) -> Pruned:
        await self._statements.execute(_PERMIT, "on")
        count = await self._statements.fetch_value(_ERASE, list(cutoffs.values()), list(cutoffs))
        first = await self._statements.fetch_value(_FIRST_KEPT)
        previous = await self._statements.fetch_value(_HASH, first - 1)
        await self._statements.execute(_REMOVE, first)
        await self._statements.execute(_PERMIT, "off")
        return Pruned(count, first, previous or BEGINNING.hash)


async def seal_all(statements: Statements) -> None:
    """Everything that waits to become a link, in flat memory of the server."""
    while await statements.fetch_value(_SEAL, _SEALED_AT_ONCE) == _SEALED_AT_ONCE:
        statements.renew()


def _conditions(where: AuditFilter) -> tuple[list[str], list[object]]:
    asked = [(sql, getattr(where, name)) for name, sql in _CONDITIONS.items()]
    given = [(sql, value) for sql, value in asked if value is not None]
    return [f"{sql}${place}" for place, (sql, _) in enumerate(given, 1)], [value for _, value in given]


def _select(conditions: list[str]) -> str:
    """From constants only: every value is an argument."""
    return f"SELECT {_ENTRY} FROM audit_entries WHERE {' AND '.join(conditions) or 'true'}"  # noqa: S608  so it is
