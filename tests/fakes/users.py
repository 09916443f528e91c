"""Users in a dict."""

from __future__ import annotations

import msgspec

from fakes.texts import require_storable
from service.application.ports import UserPage, UserQuery
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

    async def lock(self, user_id: UserId) -> User | None:
        return self.rows.get(user_id)

    async def lock_administrators(self) -> frozenset[UserId]:
        return frozenset(
            user.id for user in self.rows.values() if user.active and user.role == "tenant_admin"
        )

    async def list_page(self, query: UserQuery) -> UserPage:
        require_storable(query)
        found = sorted(
            (user for user in self.rows.values() if _holds(query, user)),
            key=lambda user: user.username.lower(),
        )
        end = None if query.limit is None else query.offset + query.limit
        return UserPage(tuple(found[query.offset : end]), len(found))

    async def update(self, user: User) -> None:
        require_storable(user)
        if any(_collide(user, other) for other in self.rows.values() if other.id != user.id):
            raise UserExists
        self.rows[user.id] = user

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


def _holds(query: UserQuery, user: User) -> bool:
    searched = [user.username, user.email] if query.is_email_searched else [user.username]
    return query.only in {None, user.id} and (
        query.search is None or any(query.search.lower() in text.lower() for text in searched)
    )


def _collide(user: User, other: User) -> bool:
    return (
        user.username.lower() == other.username.lower() or "" != user.email.lower() == other.email.lower()
    )
