"""Who acts, and in which tenant: ids that can not be swapped, and the actor of a request."""

from __future__ import annotations

from typing import Literal, NewType
from uuid import UUID

from msgspec import Struct

TenantId = NewType("TenantId", UUID)
UserId = NewType("UserId", UUID)
SessionId = NewType("SessionId", UUID)
ContactId = NewType("ContactId", UUID)

Role = Literal["system_admin", "tenant_admin", "user", "read_only"]


class Actor(Struct, frozen=True):
    """The person behind a verified token: nothing here comes from a header or a body."""

    tenant_id: TenantId
    tenant_slug: str
    user_id: UserId
    username: str
    role: Role
    session_id: SessionId
