"""A contact: its fields, the rules they keep, and when two contacts are the same."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import UNSET, Struct, UnsetType, structs

from service.domain.identity import ContactId, UserId
from service.domain.names import fold_name
from service.domain.phones import digits_of


class ContactDraft(Struct, frozen=True):
    """What a person typed or a file held, checked and normalised, before it has an id."""

    last_name: str
    first_name: str = ""
    email: str = ""
    phone: str = ""
    phone_e164: str | None = None
    address: str = ""
    labels: tuple[str, ...] = ()
    metadata: dict[str, Any] = {}


class Contact(Struct, frozen=True):
    """A stored contact. `number` is its id in API v1; `version` counts its changes from 1."""

    id: ContactId
    user_id: UserId | None
    first_name: str
    last_name: str
    email: str
    phone: str
    phone_e164: str | None
    address: str
    labels: tuple[str, ...]
    metadata: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    version: int = 1
    number: int = 0
    identity_key: str | None = None
    deleted_at: datetime | None = None


class ContactPatch(Struct, frozen=True):
    """Checked new values for some fields. `metadata_changes` are laid over the stored metadata."""

    last_name: str | UnsetType = UNSET
    first_name: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    phone: str | UnsetType = UNSET
    phone_e164: str | UnsetType | None = UNSET
    address: str | UnsetType = UNSET
    labels: tuple[str, ...] | UnsetType = UNSET
    metadata: dict[str, Any] | UnsetType = UNSET
    metadata_changes: dict[str, Any] = {}


def new_contact(draft: ContactDraft, contact_id: ContactId, owner: UserId | None, now: datetime) -> Contact:
    """The first version of a contact; its number is the store's to give."""
    return Contact(
        id=contact_id,
        user_id=owner,
        created_at=now,
        updated_at=now,
        identity_key=identity_key(draft),
        **structs.asdict(draft),
    )


def change_contact(contact: Contact, patch: ContactPatch, now: datetime) -> Contact:
    """The next version of a contact."""
    changes = {name: value for name, value in structs.asdict(patch).items() if value is not UNSET}
    metadata = changes.get("metadata", contact.metadata) | changes.pop("metadata_changes")
    changed = structs.replace(contact, **changes | {"metadata": metadata})
    return structs.replace(
        changed, version=contact.version + 1, updated_at=now, identity_key=identity_key(changed)
    )


def replacement(draft: ContactDraft) -> ContactPatch:
    """The patch that leaves nothing of the old values."""
    return ContactPatch(**structs.asdict(draft))


def draft_of(contact: Contact) -> ContactDraft:
    """What a person could have typed to get this contact."""
    return ContactDraft(**{field: getattr(contact, field) for field in ContactDraft.__struct_fields__})


def identity_key(contact: ContactDraft | Contact) -> str | None:
    """Equal for two contacts of one tenant that are the same: by e-mail, else by phone and name.

    None for a contact with neither, which is never the same as another.
    """
    if contact.email:
        return f"e:{contact.email.casefold()}"
    phone = contact.phone_e164 or digits_of(contact.phone)
    return f"p:{phone}|{fold_name(contact.first_name, contact.last_name)}" if phone else None
