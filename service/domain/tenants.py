"""A tenant: a name, a state and a database of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct

from engine import Err, Ok, Result
from engine.validation import record, text
from service.domain.errors import TenantStatusConflict
from service.domain.identity import TenantId
from service.domain.problems import Problems, problems_of

TenantStatus = Literal["provisioning", "active", "suspended", "deleting", "deleted"]
TenantChange = Literal["suspend", "resume", "delete"]

MAX_NAME_LENGTH = 200

_NEXT: Mapping[tuple[TenantStatus, TenantChange], TenantStatus] = {
    ("active", "suspend"): "suspended",
    ("suspended", "resume"): "active",
    ("active", "delete"): "deleting",
    ("suspended", "delete"): "deleting",
    # Whoever began died before the end.
    ("deleting", "delete"): "deleting",
}

# Also a UUID fits, as API v1 allows.
_slug = text(pattern="[A-Za-z0-9_-]{1,36}").explained("slug", "must be 1 to 36 letters, digits, - or _")
_name = text(1, MAX_NAME_LENGTH, strip=True)
_RULES = record(slug=_slug, tenant_name=_name)


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


def find_tenant_problems(slug: str, name: str) -> Problems:
    """All that is wrong with the fields of a new tenant; empty when they will do."""
    checked = _RULES.check({"slug": slug, "tenant_name": name})
    return {} if checked.is_ok() else problems_of(checked.error)


def next_status(tenant: Tenant, change: TenantChange) -> Result[TenantStatus, TenantStatusConflict]:
    """The state that the change leads to from the tenant's own."""
    status = _NEXT.get((tenant.status, change))
    if status is None:
        return Err(TenantStatusConflict(f"the tenant is {tenant.status}, so nobody can {change} it"))
    return Ok(status)
