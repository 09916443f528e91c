"""The use cases of the audit: read it, take it along, check it, and let go of what is too old."""

from __future__ import annotations

from collections.abc import AsyncIterator

from service.application.accounts import find_active_tenant
from service.application.ports import TenantTransaction
from service.application.world import World
from service.domain.access import Permission, require_permission
from service.domain.audit import (
    AuditFilter,
    AuditSubject,
    Detail,
    Pruned,
    SealedEntry,
    cutoffs,
    done_by,
    done_without_token,
)
from service.domain.audit_chain import ChainCheck, ChainReport
from service.domain.audit_files import BATCH_SIZE, FILES, AuditFormat
from service.domain.identity import NOWHERE, Actor, Editor

_AUDIT = AuditSubject("audit")


async def list_entries(
    tx: TenantTransaction, actor: Actor, where: AuditFilter, *, before: int | None, limit: int
) -> tuple[SealedEntry, ...]:
    """Newest first, and that somebody looked is an entry too. Raises PermissionDenied."""
    require_permission(actor, "audit:read")
    tx.audit.record(done_by(actor, "audit.read", _AUDIT))
    await tx.audit.seal()
    return await tx.audit.list_page(where, before=before, limit=limit)


async def record_export(tx: TenantTransaction, actor: Actor, file_format: AuditFormat) -> None:
    """To be committed before the first piece is sent. Raises PermissionDenied."""
    require_permission(actor, "audit:export")
    tx.audit.record(done_by(actor, "audit.exported", _AUDIT, {"format": file_format}))
    await tx.audit.seal()


def export_entries(
    tx: TenantTransaction, editor: Editor, file_format: AuditFormat, where: AuditFilter
) -> AsyncIterator[bytes]:
    """The file in pieces, oldest entry first, in flat memory. Raises PermissionDenied at once."""
    _require(editor, "audit:export")
    return _iter_pieces(tx.audit.iter_all(where), file_format)


async def verify_chain(tx: TenantTransaction, editor: Editor) -> ChainReport:
    """Reads every link, while others are added. Raises PermissionDenied."""
    _require(editor, "audit:read")
    check = ChainCheck(await tx.audit.get_head())
    async for sealed in tx.audit.iter_all():
        check.add(sealed)
    return check.report(await tx.audit.get_head())


async def prune(tx: TenantTransaction) -> Pruned:
    """For the operator: what is older than RETENTION loses its content, and an entry says so."""
    await tx.audit.seal()
    limits = cutoffs(tx.now)
    pruned = await tx.audit.prune(limits)
    details: dict[str, Detail] = {
        "count": pruned.count,
        "first": pruned.first,
        "previous": pruned.previous.hex(),
        **{kind: at.isoformat() for kind, at in limits.items()},
    }
    tx.audit.record(done_without_token(NOWHERE, "audit.pruned", _AUDIT, details))
    return pruned


async def record_denial(world: World, actor: Actor, route: str, reason: str) -> None:
    """In a transaction of its own: that of the request was rolled back."""
    async with world.databases.begin(await find_active_tenant(world, str(actor.tenant_id))) as tx:
        tx.audit.record(
            done_by(actor, "permission.denied", AuditSubject("route", route), {"reason": reason})
        )


def _require(editor: Editor, permission: Permission) -> None:
    if isinstance(editor, Actor):
        require_permission(editor, permission)


async def _iter_pieces(
    entries: AsyncIterator[SealedEntry], file_format: AuditFormat
) -> AsyncIterator[bytes]:
    kind = FILES[file_format]
    yield kind.header.encode()
    batch: list[str] = []
    async for sealed in entries:
        batch.append(kind.render(sealed))
        if len(batch) == BATCH_SIZE:
            yield "".join(batch).encode()
            batch = []
    yield "".join(batch).encode()
