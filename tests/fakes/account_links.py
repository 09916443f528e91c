"""Links in mails, in a dict."""

from __future__ import annotations

import msgspec

from service.domain.account_links import AccountLink


class FakeAccountLinkStore:
    """The transaction's lock is the tenant's: nobody else uses a link meanwhile."""

    def __init__(self) -> None:
        self.rows: dict[bytes, AccountLink] = {}

    async def insert(self, link):
        kept = {
            key: row
            for key, row in self.rows.items()
            if (row.user_id, row.purpose) != (link.user_id, link.purpose)
            or row.expires_at > link.created_at
        }
        self.rows = kept | {link.token_hash: link}

    async def find(self, token_hash):
        return self.rows.get(token_hash)

    lock = find

    async def mark_used(self, token_hash, *, now):
        self.rows[token_hash] = msgspec.structs.replace(self.rows[token_hash], used_at=now)

    async def has_unused(self, user_id, purpose, bound_to):
        return any(
            row.used_at is None and (row.user_id, row.purpose, row.bound_to) == (user_id, purpose, bound_to)
            for row in self.rows.values()
        )
