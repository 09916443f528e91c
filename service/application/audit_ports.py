"""What the audit needs from the world."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Protocol

from service.domain.audit import AuditFilter, Entry, Head, Kind, Pruned, SealedEntry


class AuditLog(Protocol):
    """What was done in the one tenant the transaction is bound to, as a chain without gaps."""

    def record(self, entry: Entry) -> None:
        """Stored when the transaction commits, and only then; a link of the chain some moments later."""
        ...

    async def seal(self) -> None:
        """All that was committed becomes links. Who seals waits for each other, who records never."""
        ...

    async def list_page(
        self, where: AuditFilter, *, before: int | None, limit: int
    ) -> tuple[SealedEntry, ...]:
        """Newest first: of those that match, the first ones with a number below `before`."""
        ...

    def iter_all(self, where: AuditFilter = ...) -> AsyncIterator[SealedEntry]:
        """Every match, oldest first, in flat memory."""
        ...

    async def get_head(self) -> Head: ...

    async def prune(self, cutoffs: Mapping[Kind, datetime]) -> Pruned:
        """Of entries older than the cutoff of their kind the content goes; their places in the chain stay,
        but for those before the first entry that still has its content.
        """
        ...
