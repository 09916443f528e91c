"""A contact: its fields, the rules they keep, and when two contacts are the same."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct

from service.domain.identity import ContactId, UserId


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
