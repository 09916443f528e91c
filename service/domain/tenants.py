"""A tenant: a name, a state and a database of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from engine.validation import record, text
from service.domain.identity import TenantId
from service.domain.problems import Problems, problems_of

TenantStatus = Literal["provisioning", "active", "suspended", "deleting", "deleted"]

# Also a UUID fits, as API v1 allows.
_slug = text(pattern="[A-Za-z0-9_-]{1,36}").explained("slug", "must be 1 to 36 letters, digits, - or _")
_RULES = record(slug=_slug)


class Tenant(Struct, frozen=True):
    """`slug` is the short name that people type at login; `database` is never shown to callers."""

    id: TenantId
    slug: str
    name: str
    status: TenantStatus
    database: str
    created_at: datetime
    updated_at: datetime


def is_slug(candidate: str) -> bool:
    return _slug.check(candidate).is_ok()


def find_tenant_problems(slug: str) -> Problems:
    """All that is wrong with the fields of a new tenant; empty when they will do."""
    checked = _RULES.check({"slug": slug})
    return {} if checked.is_ok() else problems_of(checked.error)
