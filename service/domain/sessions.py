"""A session: what a token points to, and what logging out ends."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from service.domain.identity import SessionId, UserId


class Session(Struct, frozen=True):
    """Valid from `created_at` until `expires_at` or, earlier, `ended_at`."""

    id: SessionId
    user_id: UserId
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None

    def is_live(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at
