"""The keys that sign tokens, and how one follows another without anybody being signed out.

standby -> current -> previous -> revoked. A standby key is known, and published, long before it signs: a
process that has not yet seen the change of keys knows the new one already. A previous one verifies until
the last token that it signed has expired.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from engine.result import Err, Ok, Result
from service.domain.tokens import is_key_name

Algorithm = Literal["EdDSA", "RS256", "HS256"]
KeyState = Literal["standby", "current", "previous", "revoked"]


class SigningKey(Struct, frozen=True):
    """`material` is a private key in PEM or, for HS256, the secret; empty once revoked. Never shown."""

    kid: str
    algorithm: Algorithm
    state: KeyState
    changed_at: datetime
    material: str = ""

    def __repr__(self) -> str:
        return f"SigningKey({self.kid!r}, {self.algorithm!r}, {self.state!r})"


Keys = tuple[SigningKey, ...]


def check_keys(keys: Keys) -> Result[Keys, str]:
    """The keys, if they can be used together."""
    names = [key.kid for key in keys]
    if wrong := [name for name in names if not is_key_name(name)]:
        return Err(f"a key's name must be 1 to 64 of A-Z a-z 0-9 . _ -, got {wrong[0]!r}")
    if len(set(names)) < len(names):
        return Err("two keys have the same name")
    for state, most in (("current", 1), ("standby", 1)):
        if (count := sum(key.state == state for key in keys)) > most:
            return Err(f"at most {most} key may be {state}, got {count}")
    if not any(key.state == "current" for key in keys):
        return Err("one key must be current, none is")
    return Ok(keys)


def rotate(keys: Keys, fresh: SigningKey, now: datetime, *, token_life_s: int) -> Keys:
    """The standby key signs from now on, `fresh` is the next standby.

    Previous keys whose last token has expired are revoked. Without a standby, `fresh` itself signs.
    """
    spent_before = now - timedelta(seconds=token_life_s)
    kept = (
        _revoked(key, now) if key.state == "previous" and key.changed_at <= spent_before else key
        for key in keys
    )
    return _promote(tuple(kept), fresh, now)


def revoke(keys: Keys, kid: str, fresh: SigningKey, now: datetime) -> Result[Keys, str]:
    """Nothing that `kid` has signed is believed any more. If it was current the standby key takes its
    place, if it was the standby `fresh` does.
    """
    held = next((key for key in keys if key.kid == kid and key.state != "revoked"), None)
    if held is None:
        return Err(f"no key in use is called {kid!r}")
    if held.state == "current":
        keys = _promote(keys, fresh, now)
    revoked = tuple(_revoked(key, now) if key.kid == kid else key for key in keys)
    return Ok((*revoked, _moved(fresh, "standby", now)) if held.state == "standby" else revoked)


def in_use(keys: Iterable[SigningKey]) -> Keys:
    return tuple(key for key in keys if key.state != "revoked")


def _promote(keys: Keys, fresh: SigningKey, now: datetime) -> Keys:
    has_standby = any(key.state == "standby" for key in keys)
    following: dict[KeyState, KeyState] = {"standby": "current", "current": "previous"}
    moved = (_moved(key, following[key.state], now) if key.state in following else key for key in keys)
    return (*moved, _moved(fresh, "standby" if has_standby else "current", now))


def _revoked(key: SigningKey, now: datetime) -> SigningKey:
    return key if key.state == "revoked" else replace(key, state="revoked", changed_at=now, material="")


def _moved(key: SigningKey, state: KeyState, now: datetime) -> SigningKey:
    return replace(key, state=state, changed_at=now)
