"""A tenant: a name, a state and a database of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from service.domain.identity import TenantId

TenantStatus = Literal["provisioning", "active", "suspended", "deleting", "deleted"]


class Tenant(Struct, frozen=True):
    """`slug` is the short name that people type at login; `database` is never shown to callers."""

    id: TenantId
    slug: str
    name: str
    status: TenantStatus
    database: str
    created_at: datetime
    updated_at: datetime
