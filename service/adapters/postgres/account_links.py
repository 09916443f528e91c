"""Links in mails of one tenant, as fixed statements."""

from __future__ import annotations

from datetime import datetime

from service.adapters.postgres.statements import Statements
from service.domain.account_links import AccountLink, LinkPurpose
from service.domain.identity import UserId

_LINK = "token_hash, purpose, user_id, bound_to, created_at, expires_at, used_at, email, role"
_FIND = f"SELECT {_LINK} FROM account_links WHERE token_hash = $1"  # noqa: S608  # constants only
_INSERT = f"INSERT INTO account_links ({_LINK}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"  # noqa: S608  # the same
_REMOVE_EXPIRED = "DELETE FROM account_links WHERE user_id = $1 AND purpose = $2 AND expires_at <= $3"
_MARK_USED = "UPDATE account_links SET used_at = $2 WHERE token_hash = $1"
_HAS_UNUSED = """
SELECT EXISTS (
    SELECT FROM account_links WHERE user_id = $1 AND purpose = $2 AND bound_to = $3 AND used_at IS NULL
)
"""


class PostgresAccountLinkStore:
    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def insert(self, link: AccountLink) -> None:
        await self._statements.execute(_REMOVE_EXPIRED, link.user_id, link.purpose, link.created_at)
        await self._statements.execute(
            _INSERT,
            link.token_hash,
            link.purpose,
            link.user_id,
            link.bound_to,
            link.created_at,
            link.expires_at,
            link.used_at,
            link.email,
            link.role,
        )

    async def find(self, token_hash: bytes) -> AccountLink | None:
        row = await self._statements.fetch_row(_FIND, token_hash)
        return None if row is None else AccountLink(*row)

    async def lock(self, token_hash: bytes) -> AccountLink | None:
        row = await self._statements.fetch_row(f"{_FIND} FOR UPDATE", token_hash)
        return None if row is None else AccountLink(*row)

    async def mark_used(self, token_hash: bytes, *, now: datetime) -> None:
        await self._statements.execute(_MARK_USED, token_hash, now)

    async def has_unused(self, user_id: UserId, purpose: LinkPurpose, bound_to: bytes) -> bool:
        return bool(await self._statements.fetch_value(_HAS_UNUSED, user_id, purpose, bound_to))
