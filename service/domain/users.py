"""A user of one tenant."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from service.domain.identity import Role, UserId


class User(Struct, frozen=True):
    """`password_hash` never leaves the application layer."""

    id: UserId
    username: str
    email: str
    password_hash: str
    role: Role
    active: bool
    created_at: datetime
    updated_at: datetime
