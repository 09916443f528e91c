"""The audit in a dict, chained as the real one is."""

from __future__ import annotations

from datetime import datetime

import msgspec

from service.domain.audit import BEGINNING, AuditFilter, Entry, Head, Pruned, SealedEntry, seal


class FakeAuditLog:
    """`rows` by number. `store` is the transaction's commit."""

    def __init__(self) -> None:
        self.rows: dict[int, SealedEntry] = {}
        self.waiting: list[Entry] = []
        self.pending: list[tuple[datetime, Entry]] = []

    def record(self, entry: Entry) -> None:
        self.waiting.append(entry)

    def store(self, now):
        self.pending += [(now, entry) for entry in self.waiting]
        self.waiting.clear()

    async def seal(self):
        for at, entry in self.pending:
            sealed = seal(self._head(), at, entry)
            self.rows[sealed.seq] = sealed
        self.pending.clear()

    @property
    def actions(self):
        """Of all entries, in order, for tests to look at."""
        return [row.entry.action for row in self.rows.values()] + [
            entry.action for _, entry in self.pending
        ]

    async def list_page(self, where, *, before, limit):
        newest_first = [row async for row in self.iter_all(where)][::-1]
        return tuple([row for row in newest_first if before is None or row.seq < before][:limit])

    async def iter_all(self, where=AuditFilter()):  # noqa: B008  frozen
        for seq in sorted(self.rows):
            if _holds(where, self.rows[seq]):
                yield self.rows[seq]

    async def get_head(self) -> Head:
        return self._head()

    async def prune(self, cutoffs):
        old = [row for row in self.rows.values() if row.content and row.at < cutoffs[row.kind]]
        for row in old:
            self.rows[row.seq] = msgspec.structs.replace(row, content=None)
        head = self._head()
        first = min((row.seq for row in self.rows.values() if row.content), default=head.seq + 1)
        previous = self.rows[first - 1].hash if first - 1 in self.rows else BEGINNING.hash
        self.rows = {seq: row for seq, row in self.rows.items() if seq >= first}
        return Pruned(len(old), first, previous)

    def _head(self) -> Head:
        last = self.rows[max(self.rows)] if self.rows else BEGINNING
        return Head(last.seq, last.hash)


def _holds(where, row):
    entry = row.entry
    if entry is None:
        found = {}
    else:
        actor = entry.actor.user_id
        found = {
            "action": entry.action,
            "actor": None if actor is None else str(actor),
            "subject_type": entry.subject.type,
            "subject": entry.subject.id,
        }
    exact = {"kind": row.kind} | found
    names = ("kind", "action", "actor", "subject_type", "subject")
    return (
        all(getattr(where, name) in (None, exact.get(name)) for name in names)
        and (where.since is None or row.at >= where.since)
        and (where.until is None or row.at < where.until)
    )
