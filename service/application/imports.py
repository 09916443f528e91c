"""Importing a file of contacts: all that can be stored is, in one transaction, and every row is told of."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Literal

from msgspec import Struct

from engine import Chain, it
from service.application.contacts import CONTACTS
from service.application.ports import TenantTransaction
from service.domain.access import require_permission
from service.domain.audit import done_by
from service.domain.contacts import new_contact
from service.domain.identity import Actor, ContactId
from service.domain.imports import ParsedImport, ParsedRow, RowResult, parse_import, split_by_stored


class ImportOptions(Struct, frozen=True):
    """`dry_run` stores nothing and reports what would be stored."""

    phone_region: str = "US"
    dry_run: bool = False


class ImportReport(Struct, frozen=True):
    """`imported + duplicates + rejected == rows`; one result for each row, in order."""

    rows: int
    imported: int
    duplicates: int
    rejected: int
    warnings: int
    results: tuple[RowResult, ...]


async def import_contacts(
    tx: TenantTransaction, actor: Actor, data: bytes, media_type: str, options: ImportOptions
) -> ImportReport:
    """Parse in a thread, then store. A server parses before it opens the transaction: see `store_import`.

    Raises PermissionDenied, and ImportUnreadable or ImportTooLarge when nothing of the file can be used.
    """
    require_permission(actor, "contacts:import")
    parsed = await asyncio.to_thread(parse_import, data, media_type, options.phone_region)
    return await store_import(tx, actor, parsed.or_raise(), options)


async def store_import(
    tx: TenantTransaction, actor: Actor, parsed: ParsedImport, options: ImportOptions
) -> ImportReport:
    """Store what is new. The report is a promise only once the transaction has committed.

    Raises PermissionDenied.
    """
    require_permission(actor, "contacts:import")
    keys = [row.key for row in parsed.fresh if row.key is not None]
    new, known = split_by_stored(parsed.fresh, await tx.contacts.find_identity_keys(keys))
    imported = list(map(_imported, new)) if options.dry_run else await _store(tx, actor, new)
    stored = Chain(known).map(partial(_duplicate, "stored"))
    repeated = Chain(parsed.repeated).map(partial(_duplicate, "file"))
    report = _report(Chain(imported).kmerge(stored, repeated, parsed.rejected, key=it.row).collect())
    if not options.dry_run:
        counts = {name: getattr(report, name) for name in ("imported", "duplicates", "rejected")}
        tx.audit.record(done_by(actor, "contacts.imported", CONTACTS, counts))
    return report


async def _store(tx: TenantTransaction, actor: Actor, rows: Sequence[ParsedRow]) -> list[RowResult]:
    """A row whose contact another transaction stored since we asked is a duplicate, not a failure."""
    contacts = [new_contact(row.draft, ContactId(tx.new_id()), actor.user_id, tx.now) for row in rows]
    stored = await tx.contacts.insert_many(contacts) if contacts else frozenset()
    return [
        _imported(row, contact.id) if contact.id in stored else _duplicate("stored", row)
        for row, contact in zip(rows, contacts, strict=True)
    ]


def _imported(row: ParsedRow, contact_id: ContactId | None = None) -> RowResult:
    return RowResult(row.row, row.line, "imported", contact_id, warnings=row.warnings)


def _duplicate(of: Literal["file", "stored"], row: ParsedRow) -> RowResult:
    return RowResult(row.row, row.line, "duplicate", duplicate_of=of, warnings=row.warnings)


def _report(results: list[RowResult]) -> ImportReport:
    counts = Counter(result.status for result in results)
    return ImportReport(
        rows=len(results),
        imported=counts["imported"],
        duplicates=counts["duplicate"],
        rejected=counts["rejected"],
        warnings=sum(len(result.warnings) for result in results),
        results=tuple(results),
    )
