"""Users of one tenant, as fixed statements."""

from __future__ import annotations

from datetime import datetime

from service.adapters.postgres.statements import Statements
from service.application.ports import UserPage, UserQuery
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
# Not the stronger FOR UPDATE: a session that is opened for somebody refers to their row.
_LOCK_USER = f"{_FIND_USER} FOR NO KEY UPDATE"
# In one order, so that two who lock them wait for each other and not in a circle.
_LOCK_ADMINISTRATORS = """
SELECT id FROM users WHERE role = 'tenant_admin' AND active ORDER BY id FOR NO KEY UPDATE
"""
_MATCHING = """
FROM users WHERE ($2::uuid IS NULL OR id = $2) AND (
    $1::text IS NULL
    OR strpos(lower(username), lower($1 COLLATE chainbook_text)) > 0
    OR ($3 AND strpos(lower(email), lower($1 COLLATE chainbook_text)) > 0)
)
"""
_PAGE = f"SELECT {_USER} {_MATCHING} ORDER BY lower(username) OFFSET $4 LIMIT $5"
_COUNT = f"SELECT count(*) {_MATCHING}"
_UPDATE = """
UPDATE users SET email = $2, password_hash = $3, role = $4, active = $5, updated_at = $6 WHERE id = $1
"""
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

    async def lock(self, user_id: UserId) -> User | None:
        row = await self._statements.fetch_row(_LOCK_USER, user_id)
        return None if row is None else User(*row)

    async def lock_administrators(self) -> frozenset[UserId]:
        return frozenset(UserId(row["id"]) for row in await self._statements.fetch(_LOCK_ADMINISTRATORS))

    async def list_page(self, query: UserQuery) -> UserPage:
        matching = (query.search, query.only, query.is_email_searched)
        rows = await self._statements.fetch(_PAGE, *matching, query.offset, query.limit)
        total = await self._statements.fetch_value(_COUNT, *matching)
        return UserPage(tuple(User(*row) for row in rows), total)

    async def update(self, user: User) -> None:
        """Once UserExists is raised here, the transaction can only be left by an exception."""
        await self._statements.execute(
            _UPDATE, user.id, user.email, user.password_hash, user.role, user.active, user.updated_at
        )

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
