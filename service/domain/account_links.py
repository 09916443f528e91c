"""Links in mails: a random token that does one thing once, for a while, and for one account as it is.

The token is `<tenant id>.<secret>`; only the hash of the secret is stored, in the tenant's own database.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from engine.result import Err, Ok, Result
from service.domain.identity import UserId
from service.domain.users import User

LinkPurpose = Literal["verify", "reset", "invitation"]
LinkFault = Literal["unknown", "expired", "used", "account_changed"]

LIFE: dict[LinkPurpose, timedelta] = {
    "verify": timedelta(days=3),
    "reset": timedelta(minutes=30),
    "invitation": timedelta(days=7),
}


class AccountLink(Struct, frozen=True):
    """As it is stored. Of an invitation `user_id` is who invites, and `email` and `role` what it gives."""

    token_hash: bytes
    purpose: LinkPurpose
    user_id: UserId
    bound_to: bytes
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    email: str = ""
    role: str = ""


def new_link(
    purpose: LinkPurpose, user: User, token_hash: bytes, now: datetime, *, email: str = "", role: str = ""
) -> AccountLink:
    return AccountLink(
        token_hash=token_hash,
        purpose=purpose,
        user_id=user.id,
        bound_to=binding_of(purpose, user),
        created_at=now,
        expires_at=now + LIFE[purpose],
        email=email,
        role=role,
    )


def binding_of(purpose: LinkPurpose, user: User) -> bytes:
    """Of what must not change while the link is good.

    For the own account that is everything, above all the password. Who invites may change theirs; whether
    they still may invite is asked when the invitation is accepted.
    """
    if purpose == "invitation":
        return user.id.bytes
    parts = (user.password_hash, user.email, str(user.updated_at.timestamp()))
    return hashlib.sha256("\n".join(parts).encode()).digest()


def check_link(
    link: AccountLink | None, purpose: LinkPurpose, user: User | None, now: datetime
) -> Result[tuple[AccountLink, User], LinkFault]:
    """The link and its user when it is good for `purpose`. Why not is for the log alone."""
    if link is None or user is None or link.purpose != purpose:
        return Err("unknown")
    if link.used_at is not None:
        return Err("used")
    if link.expires_at <= now:
        return Err("expired")
    is_bound = link.bound_to == binding_of(purpose, user)
    return Ok((link, user)) if is_bound else Err("account_changed")


def join_token(tenant_id: object, secret: str) -> str:
    return f"{tenant_id}.{secret}"


def split_token(token: str) -> tuple[str, str]:
    """Tenant and secret, whatever the text is; neither need exist.

    >>> split_token("6f0c.abc"), split_token("abc")
    (('6f0c', 'abc'), ('abc', ''))
    """
    tenant, _, secret = token.partition(".")
    return tenant, secret
