"""Users in a dict."""

from __future__ import annotations

import msgspec

from fakes.texts import require_storable
from service.domain.errors import UserExists
from service.domain.identity import UserId
from service.domain.users import User


class FakeUserStore:
    def __init__(self) -> None:
        self.rows: dict[UserId, User] = {}

    async def find(self, user_id: UserId) -> User | None:
        return self.rows.get(user_id)

    async def hold(self, user_id: UserId) -> User | None:
        return self.rows.get(user_id)

    async def set_password(self, user_id, password_hash, *, now):
        changed = {"password_hash": password_hash, "updated_at": now}
        self.rows[user_id] = msgspec.structs.replace(self.rows[user_id], **changed)

    async def find_by_login(self, username_or_email: str) -> User | None:
        require_storable(username_or_email)
        named = (user for user in self.rows.values() if user.username == username_or_email)
        reached = (
            user
            for user in self.rows.values()
            if user.email and user.email.lower() == username_or_email.lower()
        )
        return next(named, None) or next(reached, None)

    async def insert(self, user: User) -> None:
        require_storable(user)
        if user.id in self.rows or any(_collide(user, other) for other in self.rows.values()):
            raise UserExists
        self.rows[user.id] = user


def _collide(user: User, other: User) -> bool:
    return (
        user.username.lower() == other.username.lower() or "" != user.email.lower() == other.email.lower()
    )
