"""Refresh tokens: each is used once and followed by another; one that comes back has been copied.

All tokens that follow from one login are a family, and its life is that of the session. Nobody can say
which of two users of a token is the thief, so the family ends. A browser's tabs that refresh together, or a
client that lost our answer, present a token twice too, but at once: within the grace they get a sibling.
Source: RFC 9700, 4.14.2.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from engine.result import Err, Ok, Result
from service.domain.identity import SessionId
from service.domain.sessions import Session

# More tabs than wake up together; a thief who is quick enough can not grow a forest either.
MOST_USES = 10


class FamilyRules(Struct, frozen=True):
    """A session lives `session_s` at most, a refresh token `idle_s` without being used; `grace_s` counts
    from its first use.
    """

    session_s: int = 30 * 86_400
    idle_s: int = 14 * 86_400
    grace_s: int = 10


DEFAULT_RULES = FamilyRules()


class RefreshToken(Struct, frozen=True):
    """As it is stored: only its hash, so that who reads the database can not use it."""

    token_hash: bytes
    session_id: SessionId
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    uses: int = 0


class Family(Struct, frozen=True):
    """The session, and the one token of it that is presented."""

    session: Session
    token: RefreshToken


class Presented(Struct, frozen=True):
    """The family's token was presented; `successor_hash` is of the one that may follow."""

    successor_hash: bytes


class Rotation(Struct, frozen=True):
    """What is to be stored: the used token as it now is, and its successor or sibling."""

    used: RefreshToken
    successor: RefreshToken


FamilyFault = Literal["session_ended", "refresh_expired", "refresh_reused"]


def advance(
    family: Family, event: Presented, now: datetime, rules: FamilyRules
) -> Result[Rotation, FamilyFault]:
    """`refresh_reused` asks for the end of the family; after the other faults there is nothing to do."""
    if not family.session.is_live(now):
        return Err("session_ended")
    token = family.token
    if token.used_at is not None and not _is_within_grace(token, token.used_at, now, rules):
        return Err("refresh_reused")
    if token.expires_at <= now:
        return Err("refresh_expired")
    used = replace(token, used_at=token.used_at or now, uses=token.uses + 1)
    return Ok(Rotation(used, new_token(family.session, event.successor_hash, now, rules)))


def new_token(session: Session, token_hash: bytes, now: datetime, rules: FamilyRules) -> RefreshToken:
    """Valid until it was idle too long, and never beyond its session."""
    return RefreshToken(
        token_hash=token_hash,
        session_id=session.id,
        created_at=now,
        expires_at=min(now + timedelta(seconds=rules.idle_s), session.expires_at),
    )


def hash_secret(secret: str) -> bytes:
    """What is stored of a refresh token. It is random, so that it needs no salt and no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _is_within_grace(token: RefreshToken, used_at: datetime, now: datetime, rules: FamilyRules) -> bool:
    return token.uses < MOST_USES and now < used_at + timedelta(seconds=rules.grace_s)
