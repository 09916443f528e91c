"""The use cases of contacts: read, write, delete. Each checks its permission and trusts its transaction."""

from __future__ import annotations

from msgspec import structs

from service.application.ports import ContactFilter, ContactPage, ContactQuery, TenantTransaction
from service.domain.access import Permission, Subject, decide, owner_of_list, require_permission
from service.domain.audit import Action, AuditSubject, Detail, Entry, done_by
from service.domain.contacts import Contact, ContactDraft, ContactPatch, change_contact, new_contact
from service.domain.errors import ContactNotFound, VersionConflict
from service.domain.identity import Actor, ContactId

CONTACTS = AuditSubject("contacts")
_KEPT_BY_US = frozenset({"updated_at", "version", "identity_key", "phone_e164"})


async def create_contact(tx: TenantTransaction, actor: Actor, draft: ContactDraft) -> Contact:
    """The contact as stored. Raises PermissionDenied, ContactExists."""
    require_permission(actor, "contacts:create")
    made = await tx.contacts.insert(new_contact(draft, ContactId(tx.new_id()), actor.user_id, tx.now))
    tx.audit.record(_entry(actor, "contacts.created", made))
    return made


async def get_contact(tx: TenantTransaction, actor: Actor, key: ContactId | int) -> Contact:
    """By id, or by the number that is its id in API v1. Raises PermissionDenied, ContactNotFound."""
    contact = await _get(tx, actor, "contacts:read", key)
    tx.audit.record(_entry(actor, "contacts.read", contact))
    return contact


async def list_contacts(tx: TenantTransaction, actor: Actor, query: ContactQuery) -> ContactPage:
    """One page. Raises PermissionDenied."""
    page = await tx.contacts.list_page(visible_to(actor, query))
    tx.audit.record(done_by(actor, "contacts.listed", CONTACTS, {"count": len(page.items)}))
    return page


async def count_contacts(tx: TenantTransaction, actor: Actor, where: ContactFilter) -> int:
    """Raises PermissionDenied."""
    return (await tx.contacts.list_page(visible_to(actor, ContactQuery(where=where, limit=1)))).total


async def update_contact(
    tx: TenantTransaction,
    actor: Actor,
    key: ContactId | int,
    patch: ContactPatch,
    expected_version: int | None = None,
) -> Contact:
    """The contact as stored; `replacement(draft)` is the patch that replaces all of it.

    Raises PermissionDenied, ContactNotFound, ContactExists, and VersionConflict when the stored
    version is not the expected one.
    """
    contact = await _get(tx, actor, "contacts:update", key)
    _require_version(contact, expected_version)
    changed = change_contact(contact, patch, tx.now)
    stored = await tx.contacts.update(changed, expected_version=contact.version)
    fields = _changed_fields(contact, changed)
    tx.audit.record(_entry(actor, "contacts.updated", stored, {"fields": fields}))
    return stored


async def delete_contact(
    tx: TenantTransaction, actor: Actor, key: ContactId | int, expected_version: int | None = None
) -> None:
    """Deleted softly. Raises PermissionDenied, ContactNotFound, VersionConflict."""
    contact = await _get(tx, actor, "contacts:delete", key)
    _require_version(contact, expected_version)
    if not await tx.contacts.soft_delete(contact.id, now=tx.now):
        raise _not_found(key)
    tx.audit.record(_entry(actor, "contacts.deleted", contact))


def visible_to(actor: Actor, query: ContactQuery, permission: Permission = "contacts:read") -> ContactQuery:
    """The query, of what the permission covers. Raises PermissionDenied."""
    owner = owner_of_list(actor, require_permission(actor, permission))
    if owner is None:
        return query
    return structs.replace(query, where=structs.replace(query.where, owner=owner))


async def _get(
    tx: TenantTransaction, actor: Actor, permission: Permission, key: ContactId | int
) -> Contact:
    """What the permission does not cover is as if it were not there."""
    require_permission(actor, permission)
    store = tx.contacts
    contact = await (store.find_by_number(key) if isinstance(key, int) else store.find(key))
    if contact is None or not decide(actor, permission, Subject(contact.user_id)).allowed:
        raise _not_found(key)
    return contact


def _entry(
    actor: Actor, action: Action, contact: Contact, details: dict[str, Detail] | None = None
) -> Entry:
    return done_by(actor, action, AuditSubject("contact", str(contact.id)), details)


def _changed_fields(before: Contact, after: Contact) -> list[str]:
    """Names only: what was in them is nobody's business who reads the audit."""
    names = (name for name in before.__struct_fields__ if name not in _KEPT_BY_US)
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def _require_version(contact: Contact, expected_version: int | None) -> None:
    if expected_version is not None and expected_version != contact.version:
        raise VersionConflict(f"expected version {expected_version}, got {contact.version}")


def _not_found(key: ContactId | int) -> ContactNotFound:
    """API v1's clients show this sentence; `number` and id are what the caller sent."""
    return ContactNotFound(f"Person with id {key} not found")
