"""A tenant: a name, a state and a database of its own."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal

from msgspec import Struct

from service.domain.identity import TenantId

TenantStatus = Literal["provisioning", "active", "suspended", "deleting", "deleted"]

_SLUG = re.compile(r"[A-Za-z0-9_-]{1,36}")


class Tenant(Struct, frozen=True):
    """`slug` is the short name that people type at login; `database` is never shown to callers."""

    id: TenantId
    slug: str
    name: str
    status: TenantStatus
    database: str
    created_at: datetime
    updated_at: datetime


def is_slug(text: str) -> bool:
    """Letters, digits, `-` and `_`, 36 at most: also a UUID fits, as API v1 allows."""
    return _SLUG.fullmatch(text) is not None
