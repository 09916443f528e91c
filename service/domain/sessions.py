"""A session: what a token points to, what logging out ends, and what a person sees of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from service.domain.identity import SessionId, UserId

# The last use is known to a minute: to write down each one would cost every request a change.
LAST_USE_STEP_S = 60
_LONGEST_USER_AGENT = 200


class Device(Struct, frozen=True):
    """What a login came from, as it said itself: to recognise it by, and not to be trusted."""

    user_agent: str = ""
    address: str = ""


UNKNOWN_DEVICE = Device()


def parse_device(user_agent: str, address: str) -> Device:
    """Without what can not be shown or stored, and no longer than anybody reads."""
    shown = "".join(letter for letter in user_agent if letter.isprintable())
    return Device(shown[:_LONGEST_USER_AGENT], address)


class Session(Struct, frozen=True):
    """Valid from `created_at` until `expires_at` or, earlier, `ended_at`."""

    id: SessionId
    user_id: UserId
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    user_agent: str = ""
    address: str = ""
    last_used_at: datetime | None = None

    def is_live(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at

    def is_use_to_be_noted(self, now: datetime) -> bool:
        """Whether the last use that was noted is a while ago."""
        last = self.last_used_at or self.created_at
        return now - last >= timedelta(seconds=LAST_USE_STEP_S)
