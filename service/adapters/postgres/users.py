"""Users of one tenant, as fixed statements."""

from __future__ import annotations

from datetime import datetime

from service.adapters.postgres.statements import Statements
from service.domain.errors import UserExists
from service.domain.identity import UserId
from service.domain.users import User

_USER = "id, username, email, password_hash, role, active, created_at, updated_at"
_FIND_USER = f"SELECT {_USER} FROM users WHERE id = $1"  # noqa: S608  # constants only
_FIND_LOGIN = f"""
SELECT {_USER} FROM users
WHERE username = $1 OR (lower(email) = lower($1 COLLATE chainbook_text) AND email <> '')
ORDER BY username = $1 DESC LIMIT 1
"""  # noqa: S608  # constants only
_INSERT_USER = f"""
INSERT INTO users ({_USER}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id
"""  # noqa: S608  # constants only
_SET_PASSWORD = "UPDATE users SET password_hash = $2, updated_at = $3 WHERE id = $1"  # noqa: S105  # SQL


class PostgresUserStore:
    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def find(self, user_id: UserId) -> User | None:
        row = await self._statements.fetch_row(_FIND_USER, user_id)
        return None if row is None else User(*row)

    async def hold(self, user_id: UserId) -> User | None:
        row = await self._statements.fetch_row(f"{_FIND_USER} FOR SHARE", user_id)
        return None if row is None else User(*row)

    async def find_by_login(self, username_or_email: str) -> User | None:
        row = await self._statements.fetch_row(_FIND_LOGIN, username_or_email)
        return None if row is None else User(*row)

    async def insert(self, user: User) -> None:
        # DO NOTHING instead of the error, which would end the whole transaction.
        stored = await self._statements.fetch_value(
            _INSERT_USER,
            user.id,
            user.username,
            user.email,
            user.password_hash,
            user.role,
            user.active,
            user.created_at,
            user.updated_at,
        )
        if stored is None:
            raise UserExists

    async def set_password(self, user_id: UserId, password_hash: str, *, now: datetime) -> None:
        await self._statements.execute(_SET_PASSWORD, user_id, password_hash, now)
