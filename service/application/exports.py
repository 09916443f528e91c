"""Reading all contacts of a tenant: as a file, by letter, and for those that are there twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from service.application.contacts import CONTACTS, visible_to
from service.application.ports import ContactQuery, SortKey, TenantTransaction
from service.domain.access import require_permission
from service.domain.audit import done_by
from service.domain.contact_groups import LetterGroup, group_by_letter
from service.domain.contacts import Contact
from service.domain.duplicates import DuplicateGroup, find_duplicates
from service.domain.exports import BATCH_SIZE, KINDS, ExportFormat, render_batch
from service.domain.identity import Actor

_BY_NUMBER = ContactQuery(sort=(SortKey("number"),))


async def record_export(tx: TenantTransaction, actor: Actor, export_format: ExportFormat) -> None:
    """To be committed before the first piece is sent: what was sent can not be taken back. Raises
    PermissionDenied.
    """
    require_permission(actor, "contacts:export")
    tx.audit.record(done_by(actor, "contacts.exported", CONTACTS, {"format": export_format}))


def export_contacts(
    tx: TenantTransaction, actor: Actor, export_format: ExportFormat, query: ContactQuery = _BY_NUMBER
) -> AsyncIterator[bytes]:
    """The file in pieces, in flat memory. Raises PermissionDenied at once, before the first piece."""
    exported = visible_to(actor, query, "contacts:export")
    return _iter_pieces(tx.contacts.iter_all(exported), export_format)


async def list_groups(tx: TenantTransaction, actor: Actor) -> list[LetterGroup]:
    """A to Z and #. Raises PermissionDenied."""
    return await asyncio.to_thread(group_by_letter, await _collect(tx, actor))


async def list_duplicates(tx: TenantTransaction, actor: Actor) -> list[DuplicateGroup]:
    """Contacts that share an e-mail, a phone or a name. Raises PermissionDenied."""
    return await asyncio.to_thread(find_duplicates, await _collect(tx, actor))


async def _iter_pieces(
    contacts: AsyncIterator[Contact], export_format: ExportFormat
) -> AsyncIterator[bytes]:
    batch: list[Contact] = []
    yield KINDS[export_format].header.encode()
    async for contact in contacts:
        batch.append(contact)
        if len(batch) == BATCH_SIZE:
            yield render_batch(batch, export_format)
            batch = []
    yield render_batch(batch, export_format)


async def _collect(tx: TenantTransaction, actor: Actor) -> list[Contact]:
    found = [contact async for contact in tx.contacts.iter_all(visible_to(actor, _BY_NUMBER))]
    tx.audit.record(done_by(actor, "contacts.listed", CONTACTS, {"count": len(found)}))
    return found
