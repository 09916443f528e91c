"""Who acts, and in which tenant: ids that can not be swapped, and the actor of a request."""

from __future__ import annotations

from typing import Literal, NewType, TypeAlias
from uuid import UUID

from msgspec import Struct

TenantId = NewType("TenantId", UUID)
UserId = NewType("UserId", UUID)
SessionId = NewType("SessionId", UUID)
ContactId = NewType("ContactId", UUID)

Visibility = Literal["tenant", "owner"]
Role = Literal["system_admin", "tenant_admin", "user", "read_only"]


class Origin(Struct, frozen=True):
    """Where a request came from, and what it is called: for the audit alone."""

    address: str = ""
    request_id: str = ""


NOWHERE = Origin()


class Actor(Struct, frozen=True):
    """The person behind a verified token: nothing here comes from a header or a body.

    `sees` says whose contacts are there for them: all of the tenant, or their own.
    """

    tenant_id: TenantId
    tenant_slug: str
    user_id: UserId
    username: str
    role: Role
    session_id: SessionId
    sees: Visibility = "tenant"
    origin: Origin = NOWHERE


class Operator(Struct, frozen=True):
    """Whoever runs the command line: the databases are in their hands already."""


Editor: TypeAlias = Actor | Operator
