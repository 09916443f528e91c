"""Bearer tokens: JWT signed with HS256, by keys that have names and can be rotated.

The claims `user`, `login_session`, `tenant_id`, `iat` and `exp` are those that clients of API v1 decode;
the others are ours. Source: RFC 7519; RFC 8725 for what is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import jwt

from service.adapters.clock import utc_now
from service.application.ports import Claims
from service.domain.identity import SessionId, UserId

ALGORITHM = "HS256"
ISSUER = AUDIENCE = "chainbook"
MAX_TOKEN_CHARACTERS = 8192

# RFC 7518, 3.2: a key at least as long as the hash.
MIN_KEY_BYTES = 32

_REQUIRED = ("sub", "jti", "iss", "aud", "iat", "exp", "user", "login_session", "tenant_id", "role")


class JwtSigner:
    """`keys` are (kid, secret): the first signs, all verify.

    An old one stays in until its tokens have expired.
    """

    def __init__(self, keys: Sequence[tuple[str, str]], *, clock: Callable[[], datetime] = utc_now) -> None:
        if not keys:
            raise ValueError("at least one signing key is needed, got none")
        if any(len(secret.encode()) < MIN_KEY_BYTES for _, secret in keys):
            raise ValueError(f"a signing key must have at least {MIN_KEY_BYTES} bytes")
        self._signing_kid, self._signing_key = keys[0]
        self._keys = dict(keys)
        if len(self._keys) != len(keys):
            raise ValueError("two signing keys have the same name")
        self._clock = clock

    def sign(self, claims: Claims) -> str:
        return jwt.encode(
            _render(claims), self._signing_key, algorithm=ALGORITHM, headers={"kid": self._signing_kid}
        )

    def verify(self, token: str) -> Claims | None:
        # Size before anything is parsed.
        if len(token) > MAX_TOKEN_CHARACTERS:
            return None
        try:
            claims = _parse(self._decode(token))
        except (jwt.PyJWTError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
            return None
        return (
            claims if claims.issued_at <= claims.expires_at and self._clock() < claims.expires_at else None
        )

    def _decode(self, token: str) -> Mapping[str, Any]:
        key = self._keys[jwt.get_unverified_header(token)["kid"]]
        return jwt.decode(
            token,
            key,
            # The algorithm is ours to say, never the token's.
            algorithms=[ALGORITHM],
            issuer=ISSUER,
            audience=AUDIENCE,
            # Times are compared with our own clock.
            options={
                "require": list(_REQUIRED),
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
                "strict_aud": True,
            },
        )


def _render(claims: Claims) -> dict[str, Any]:
    return {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(claims.user_id),
        "jti": str(uuid4()),
        "iat": int(claims.issued_at.timestamp()),
        "exp": int(claims.expires_at.timestamp()),
        "user": claims.username,
        "login_session": str(claims.session_id),
        "tenant_id": claims.tenant_id,
        "role": claims.role,
    }


def _parse(payload: Mapping[str, Any]) -> Claims:
    return Claims(
        tenant_id=_text(payload["tenant_id"]),
        user_id=UserId(UUID(_text(payload["sub"]))),
        username=_text(payload["user"]),
        role=_text(payload["role"]),
        session_id=SessionId(UUID(_text(payload["login_session"]))),
        issued_at=_time(payload["iat"]),
        expires_at=_time(payload["exp"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a claim that is text was expected")
    return value


def _time(value: object) -> datetime:
    # A bool is an int, and JSON has floats: neither is a time of ours.
    if type(value) is not int:
        raise TypeError("a claim that is whole seconds was expected")
    return datetime.fromtimestamp(value, UTC)
